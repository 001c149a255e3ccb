"""The lists of procedures that are to be reviewed: the payer's own, the jurisdiction's, the pathways'."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pathways.overlay import Overlay
from pathways.payer import DefaultList, Exemption, MandateRule, Others, Payer
from pathways.schema import CodeRange, Pathway
from pathways.vocabulary import Frozen, Specialty, Text


class MandateSource(StrEnum):
    """Whose list a mandate stands on."""

    PAYER = "payer"
    JURISDICTION = "jurisdiction"
    PATHWAY = "pathway"


class Mandate(Frozen):
    """Procedures that are to be reviewed, and who says so. `source_name`: payer, overlay or pathway by its key."""

    key: str
    title: Text
    source: MandateSource
    source_name: str
    legal_source: str = ""
    procedures: tuple[CodeRange, ...]
    diagnoses: tuple[CodeRange, ...] = ()
    pathway: Specialty | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Lists:
    """What the answer rests on. `payer` is None where it has no file of its own."""

    overlay: Overlay
    pathways: Mapping[Specialty, Pathway] = field(repr=False)
    payer: Payer | None = None

    @property
    def holding(self) -> set[DefaultList]:
        """The default lists that hold: all of them, until the payer writes a list of its own."""
        own = self.payer.mandates if self.payer else None
        return set(DefaultList) if own is None or not own.rules else set(own.besides)

    @property
    def exemptions(self) -> tuple[Exemption, ...]:
        return self.payer.mandates.exempt if self.payer and self.payer.mandates else ()

    @property
    def others(self) -> Others:
        return self.payer.mandates.others if self.payer and self.payer.mandates else Others.REFUSE


def mandates(lists: Lists) -> tuple[Mandate, ...]:
    """Everything that the payer mandates: its own rules first, then the jurisdiction's, then the pathways'."""
    return (*_own(lists), *_of_jurisdiction(lists), *_of_pathways(lists))


def _own(lists: Lists) -> Iterator[Mandate]:
    if lists.payer is None or lists.payer.mandates is None:
        return
    for rule in lists.payer.mandates.rules:
        yield _of_rule(rule, lists.payer)


def _of_rule(rule: MandateRule, payer: Payer) -> Mandate:
    return Mandate(
        source=MandateSource.PAYER, source_name=payer.payer, **{name: getattr(rule, name) for name in _TAKEN}
    )


_TAKEN = tuple(MandateRule.model_fields)


def _of_jurisdiction(lists: Lists) -> Iterator[Mandate]:
    if DefaultList.JURISDICTION not in lists.holding:
        return
    for number, procedure in enumerate(lists.overlay.procedures, start=1):
        yield Mandate(
            key=f"{lists.overlay.overlay}-{number}",
            title=_titled(procedure),
            source=MandateSource.JURISDICTION,
            source_name=lists.overlay.overlay,
            legal_source=lists.overlay.legal_source,
            procedures=(procedure,),
            pathway=procedure.pathway,
        )


def _of_pathways(lists: Lists) -> Iterator[Mandate]:
    if DefaultList.PATHWAYS not in lists.holding:
        return
    for specialty, pathway in lists.pathways.items():
        for number, procedure in enumerate(pathway.mandated_procedures, start=1):
            yield Mandate(
                key=f"{specialty}-{number}",
                title=_titled(procedure),
                source=MandateSource.PATHWAY,
                source_name=specialty,
                procedures=(procedure,),
                pathway=specialty,
            )


def _titled(procedure: CodeRange) -> Text:
    """Code lists are written in one language."""
    name = procedure.display or f"{procedure.system.value} {procedure.code}"
    return Text(en=name, es=name)
