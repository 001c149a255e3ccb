"""What differs between two versions of a pathway, told to people."""

from secunda.web.versions.telling import Entry, Line, Part, told

__all__ = ["Entry", "Line", "Part", "told"]
