"""Whether two names, written by two hands, mean the same institution or the same person. Doubt counts as yes.

Case, accents, punctuation, word order, articles and legal forms do not tell institutions apart, and one name may be
a part of the other ("Hospital La Paz", "Hospital Universitario La Paz, S.A.").
"""

import re
import unicodedata
from functools import lru_cache


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


LEGAL_FORMS = _list(
    "sa sau sl slu slp sll sal scp aie gmbh ggmbh mbh ag gag kg kgaa ohg ev ug co inc incorporated llc llp lp ltd "
    "limited plc corp corporation pc pllc sarl sas sasu srl spa nv bv lda oy aps"
)
ARTICLES = _list(
    "a am an d da das de del der des die do du e el et for fur i l la las le les lo los o of the und y and"
)
KINDS = _list(
    "hospital clinic clinica clinico klinik klinikum krankenhaus centro center centre medical medico health salud "
    "university universitario universitaria universidad institute instituto institut group grupo general praxis"
)
TITLES = _list("dr dra doctor doctora prof professor profesor profesora med md phd mr mrs ms don dona")

_ACCENT = re.compile("[\u0300-\u036f]")  # the marks that NFKD takes off their letters
_WORD = re.compile(r"[^\W_]+")
_DOTTED_INITIALS = re.compile(r"\b(?:\w\.\s?){2,}")


def is_same_institution(one: str, other: str) -> bool:
    """Whether the two names may mean the same institution.

    An empty name matches nothing, and a mere kind ("Hospital") only itself.
    """
    first, second = _institution(one), _institution(other)
    if first == second:
        return bool(first)
    shorter, longer = (first, second) if len(first) < len(second) else (second, first)
    return shorter < longer and (len(shorter) > 1 or not shorter <= KINDS)


def is_same_person(one: str, other: str) -> bool:
    """Whether the two names may mean the same person: at least two words agree, one of them possibly an initial."""
    first, second = _person(one), _person(other)
    agreeing = first & second
    if not agreeing:
        return False
    shorter, longer = (first, second) if len(first) <= len(second) else (second, first)
    unknown = longer - agreeing
    return len(shorter) > 1 and all(
        len(word) == 1 and any(full.startswith(word) for full in unknown) for word in shorter - agreeing
    )


@lru_cache(maxsize=8192)
def _institution(name: str) -> frozenset[str]:
    together = _DOTTED_INITIALS.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", name)  # S. L. U.
    words = [word for word in _words(together) if word not in ARTICLES] or _words(together)
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return frozenset(words)


@lru_cache(maxsize=8192)
def _person(name: str) -> frozenset[str]:
    return frozenset(word for word in _words(name) if word not in TITLES)


def _words(name: str) -> list[str]:
    return _WORD.findall(_ACCENT.sub("", unicodedata.normalize("NFKD", name)).casefold())
