"""How wide the columns of a table are: by what stands in them, so that a stage of two letters leaves room for prose."""

from collections.abc import Sequence

_LINE = 100.0  # characters that fit across the page at the size of tables, the gaps between columns among them
_GAP = 2.4  # characters between two columns
_LONGEST_WORD = 30  # a longer one may be broken


def shares(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Each column's share of the width, in percent; they sum to 100.

    A column first gets the room of its longest word, so that none is broken; what remains goes by the longest cell,
    of which a long one needs less than its length, since it may have several lines.
    """
    columns = [
        [heading, *(row[number] for row in rows if number < len(row))] for number, heading in enumerate(headings)
    ]
    words = [min(max(map(len, " ".join(texts).split()), default=0), _LONGEST_WORD) + _GAP for texts in columns]
    wishes = [max(map(len, texts)) ** 0.6 + 1 for texts in columns]
    spare = max(_LINE - sum(words), 0.0)
    widths = [word + spare * wish / sum(wishes) for word, wish in zip(words, wishes, strict=True)]
    return [round(100 * width / sum(widths), 2) for width in widths]
