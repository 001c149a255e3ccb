"""What a PDF carries beside its pages: scripts, launch actions, attachments. Source: ISO 32000-2, 7.11.4 and 12.6.4."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from secunda.adapters.signatures import ARCHIVES, PROGRAMS
from secunda.errors import BadInputError

MAX_OBJECTS = 2_000_000
MAX_DEPTH = 60  # of objects written inside one another; references are followed by number, not by depth
LAUNCHING = {"/Launch", "/ImportData"}
SCRIPTING = {"/JavaScript", "/Rendition"}
#: What goes elsewhere. In a link, somebody decides to follow it; by itself, it tells a stranger who opened the file.
LEAVING = {"/GoToR", "/GoToE", "/SubmitForm", "/URI"}

# Searching an object as written is thirty times faster than walking it; qpdf writes names without escapes.
_SUSPECT = re.compile(rb"/(?:JavaScript|Rendition|Launch|ImportData|EF)\b")


@dataclass
class Content:
    """How many of each were found."""

    scripts: int = 0
    launches: int = 0
    attachments: int = 0
    programs: int = 0


def inspect(pdf: pikepdf.Pdf) -> Content:
    """Walk every object of `pdf`, also those that no page leads to. Raises BadInputError beyond `MAX_OBJECTS`."""
    content = Content()
    if len(pdf.objects) > MAX_OBJECTS:
        raise BadInputError("The PDF has too many objects to be examined.", "Print it to a new PDF.")
    for item in pdf.objects:
        if _SUSPECT.search(_written(item)):
            _look(item, content, MAX_DEPTH)
    _look(pdf.trailer, content, 1)
    content.launches += any(str(action.get("/S")) in LEAVING for action in _by_itself(pdf))
    return content


def _by_itself(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """The actions that run when the document, or a page of it, is opened, closed, printed or saved."""
    found = [pdf.Root.get("/OpenAction")]
    for holder in (pdf.Root, *(page.obj for page in pdf.pages)):
        occasions = holder.get("/AA")
        found += list(occasions.values()) if isinstance(occasions, Dictionary) else []
    for action in found:
        if isinstance(action, Dictionary):
            yield action


def _written(item: Object) -> bytes:
    return (item.stream_dict if isinstance(item, Stream) else item).unparse(resolved=True)


def _look(item: Object, content: Content, depth: int) -> None:
    """Note what `item` is, and look at what is written inside it; what it refers to is looked at on its own."""
    if depth == 0:
        return
    if isinstance(item, Array):
        inside = [item[index] for index in range(len(item))]
    elif isinstance(item, Dictionary | Stream):
        _note(item, content)
        inside = list(item.values()) if not isinstance(item, Stream) else list(item.stream_dict.values())
    else:
        return
    for part in inside:
        if isinstance(part, Object) and not part.is_indirect:
            _look(part, content, depth - 1)


def _note(item: Dictionary | Stream, content: Content) -> None:
    action = item.get("/S")
    if isinstance(action, Name):
        content.launches += str(action) in LAUNCHING
        content.scripts += (str(action) in SCRIPTING and "/JS" in item) or str(action) == "/JavaScript"
    if "/EF" in item:
        files = item["/EF"]
        for file in files.values() if isinstance(files, Dictionary) else ():
            if isinstance(file, Stream):
                content.attachments += 1
                content.programs += _is_program(file)


def _is_program(file: Stream) -> bool:
    head = file.read_bytes()[:600]
    return any(one.magic.match(head) for one in PROGRAMS + ARCHIVES)
