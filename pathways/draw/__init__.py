"""A pathway as a picture: its steps with documents, classes, panel, adjudication and clocks."""

from pathways.draw.mermaid import draw
from pathways.draw.svg import draw_svg

__all__ = ["draw", "draw_svg"]
