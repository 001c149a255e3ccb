"""Numbers that stand for colours: each is the place of a colour in the object's own tables (PS3.3 C.7.6.3.1.5)."""

from PIL import Image
from pydicom.dataset import Dataset


def painted(dataset: Dataset, numbers: Image.Image, *, little_endian: bool) -> Image.Image:
    """`numbers` (mode L, or I for 16 bits) in their colours. Raises KeyError and its like where a table is missing."""
    size = 256 if numbers.mode == "L" else 2**16
    planes = []
    for colour in ("Red", "Green", "Blue"):
        entries, first, bits = (int(one) for one in dataset[f"{colour}PaletteColorLookupTableDescriptor"].value)
        data = dataset[f"{colour}PaletteColorLookupTableData"].value
        shades = _shades(data, entries or 2**16, bits, little_endian=little_endian)
        table = [shades[min(max(number - first, 0), len(shades) - 1)] for number in range(size)]
        planes.append(numbers.point(table, "L"))
    return Image.merge("RGB", planes)


def _shades(data: bytes, entries: int, bits: int, *, little_endian: bool) -> bytes:
    """The upper eight bits of each entry, which takes two bytes, or one where two would be too many."""
    if len(data) < 2 * entries:
        return (data if little_endian else swapped(data))[:entries]
    upper = (bits == 16) == little_endian
    return data[upper : 2 * entries : 2]


def swapped(data: bytes) -> bytes:
    """The two bytes of each word the other way round."""
    found = bytearray(data)
    found[0::2], found[1::2] = data[1::2], data[0::2]
    return bytes(found)
