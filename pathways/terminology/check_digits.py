"""Check digits: LOINC's modulus 10 and SNOMED CT's Verhoeff dihedral check."""

from functools import reduce

# Verhoeff (1969): multiplication in the dihedral group of the pentagon, and the permutation of each position.
_PRODUCT = [[(a + b) % 5 if b < 5 else 5 + (a + b) % 5 for b in range(10)] for a in range(5)] + [
    [5 + (a - b) % 5 if b < 5 else (a - b) % 5 for b in range(10)] for a in range(5, 10)
]
_FIRST_PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
_PERMUTATIONS = [list(range(10))]
for _ in range(7):
    _PERMUTATIONS.append([_FIRST_PERMUTATION[digit] for digit in _PERMUTATIONS[-1]])


def is_loinc(code: str) -> bool:
    """Whether `code` is well-formed and its check digit is right (LOINC Users' Guide, appendix C: modulus 10)."""
    number, _, check = code.partition("-")
    if not (number.isascii() and number.isdigit() and check.isascii() and check.isdigit() and len(check) == 1):
        return False
    doubled = (int(digit) * 2 if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(number)))
    return (sum(value // 10 + value % 10 for value in doubled) + int(check)) % 10 == 0


def is_snomed_ct(code: str) -> bool:
    """Whether `code` is a SNOMED CT concept identifier: 6 to 18 digits, a concept's partition, its Verhoeff check.

    Source: SNOMED CT Release File Specifications, section 6 (partition 00 is a core concept, 10 an extension's).
    """
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 18 and code[-3:-1] in ("00", "10")):
        return False
    digits = [int(digit) for digit in reversed(code)]
    checked = (_PERMUTATIONS[place % 8][digit] for place, digit in enumerate(digits))
    return reduce(lambda left, right: _PRODUCT[left][right], checked, 0) == 0
