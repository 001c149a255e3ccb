"""One thing that an opinion lacks or has wrong."""

from pathways.vocabulary import Frozen, Text


class Gap(Frozen):
    """`place` is a JSON pointer (RFC 6901) into the opinion; the message names what is missing, not what is said."""

    place: str
    message: Text


def gap(place: str, message: Text, **named: object) -> Gap:
    """The gap at `place`, its message filled."""
    return Gap(place=place, message=Text(en=message.en.format(**named), es=message.es.format(**named)))
