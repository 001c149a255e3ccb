"""Why the case has its urgency class, so that whoever reads the report can follow the decision."""

from pathways.triage import HeldRule
from pathways.vocabulary import Frozen, Slug, Text, Urgency


class RaisedFlag(Frozen):
    """A clinical situation that somebody ticked."""

    key: Slug
    title: Text


class Classification(Frozen):
    """The class that the pathway's rules gave, with those that held, the most urgent first; none: its default class.

    `chosen_because` is the reason for which a person chose another class; empty where that of the rules stands.
    """

    by_rules: Urgency
    rules: tuple[HeldRule, ...] = ()
    chosen_because: str = ""
    flags: tuple[RaisedFlag, ...] = ()
