"""The pictures of a report: the frames that its findings point at, drawn from the stored studies."""

import base64
from collections.abc import Sequence

from models import Document
from pathways.opinion import Finding
from secunda.adapters import storage
from secunda.adapters.dicom_picture import Picture, picture
from secunda.reporting.images import ImageLeftOut, KeyImage, NotShown

MOST = 6  # more is what a viewer is for

Images = tuple[tuple[KeyImage, ...], tuple[ImageLeftOut, ...]]


def key_images(findings: Sequence[Finding], documents: Sequence[Document]) -> Images:
    """One picture a frame that a finding names (`page` counts frames in an image), in the order of the findings; and
    the frames of which there is none, with the reason."""
    images = {document.number: document for document in documents if document.is_usable and document.frames}
    shown: dict[tuple[int, int], KeyImage] = {}
    left_out: dict[tuple[int, int], ImageLeftOut] = {}
    for finding in findings:
        document = images.get(finding.document or 0)
        if document is None or document.sha256 is None:
            continue
        place = (document.number, finding.page or 1)
        drawn = picture(storage.path_of(document.sha256), place[1])
        if isinstance(drawn, Picture) and place not in shown and len(shown) == MOST:
            drawn = NotShown.MOST
        if isinstance(drawn, Picture):
            shown.setdefault(place, _key_image(document, place[1], finding, drawn))
        else:
            left_out.setdefault(place, ImageLeftOut(document=place[0], frame=place[1], why=drawn))
    return tuple(shown.values()), tuple(left_out.values())


def _key_image(document: Document, frame: int, finding: Finding, drawn: Picture) -> KeyImage:
    return KeyImage(
        document=document.number,
        frame=frame,
        modality=document.modality,
        taken_on=document.documented_on,
        shows=finding.text,
        window=drawn.window,
        level=drawn.level,
        bar_mm=drawn.bar_mm,
        width=drawn.width,
        height=drawn.height,
        jpeg=base64.b64encode(drawn.jpeg).decode(),
    )
