"""The pictures of a report: the frames that its findings point at, drawn from the stored studies."""

import base64
from collections.abc import Sequence

from models import Document
from pathways.opinion import Finding
from secunda.adapters import storage
from secunda.adapters.dicom_picture import picture
from secunda.reporting.images import KeyImage

MOST = 6  # more is what a viewer is for


def key_images(findings: Sequence[Finding], documents: Sequence[Document]) -> tuple[KeyImage, ...]:
    """One picture a frame that a finding names (`page` counts frames in an image), in the order of the findings."""
    images = {document.number: document for document in documents if document.is_usable and document.frames}
    found: dict[tuple[int, int], KeyImage] = {}
    for finding in findings:
        document = images.get(finding.document or 0)
        if document is None or document.sha256 is None:
            continue
        frame = finding.page or 1
        drawn = picture(storage.path_of(document.sha256), frame)
        if drawn is not None and len(found) < MOST:
            found.setdefault(
                (document.number, frame),
                KeyImage(
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
                ),
            )
    return tuple(found.values())
