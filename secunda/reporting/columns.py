"""How wide the columns of a table are: by what stands in them, so that a stage of two letters leaves room for prose."""

from collections.abc import Sequence

_NARROWEST, _WIDEST = 7.0, 44.0  # characters that count at least and at most
_BODY = 0.55  # how much the whole text of a column counts beside its longest cell


def shares(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Each column's share of the width, in percent; they sum to 100."""
    weights = []
    for number, heading in enumerate(headings):
        cells = [row[number] for row in rows if number < len(row)]
        longest = max((len(cell) for cell in cells), default=0)
        word = max((len(word) for text in (heading, *cells) for word in text.split()), default=0)
        weights.append(min(max(longest**_BODY * 4.2, 1.25 * word + 2.5, _NARROWEST), _WIDEST))
    total = sum(weights)
    return [round(100 * weight / total, 2) for weight in weights]
