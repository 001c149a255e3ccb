"""Whether a payer mandates a review before a procedure, and why or why not.

The payer's own list overrides the default ones: those of the pathways and that of the jurisdiction. An exemption of
the payer wins over every list.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from pathways.eligibility import fits_any
from pathways.mandate_lists import Lists, Mandate, MandateSource, mandates
from pathways.payer import Others
from pathways.vocabulary import Coding, Frozen, Text

__all__ = ["Answer", "Lists", "Mandate", "MandateSource", "WhyNot", "answer", "mandates"]


class WhyNot(StrEnum):
    """Why a procedure is not mandated."""

    EXEMPT = "exempt"
    OTHER_DIAGNOSIS = "other_diagnosis"
    NOT_IN_FORCE = "not_in_force"
    NOT_LISTED = "not_listed"


class Answer(Frozen):
    """Whether the procedure is mandated. `reason` says why or why not; `mandate` is the rule that asks for it.

    `accepted`: whether a review of it may be asked for; a payer can let procedures in that it does not mandate.
    """

    procedure: Coding
    mandated: bool
    accepted: bool
    reason: Text
    mandate: Mandate | None = None
    why_not: WhyNot | None = None


def answer(lists: Lists, procedure: Coding, diagnoses: Sequence[Coding], on: date) -> Answer:
    """Whether a review is mandated before `procedure`, planned (or asked for) on that day."""
    for exemption in lists.exemptions:
        if fits_any(exemption.procedures, procedure):
            return _not_mandated(lists, procedure, WhyNot.EXEMPT, exemption.reason)
    fitting = [one for one in mandates(lists) if fits_any(one.procedures, procedure)]
    in_force = [one for one in fitting if _holds_on(one, on)]
    for one in in_force:
        if not one.diagnoses or any(fits_any(one.diagnoses, diagnosis) for diagnosis in diagnoses):
            return Answer(
                procedure=procedure, mandated=True, accepted=True, reason=_why(one, lists, procedure), mandate=one
            )
    why_not = WhyNot.OTHER_DIAGNOSIS if in_force else WhyNot.NOT_IN_FORCE if fitting else WhyNot.NOT_LISTED
    return _not_mandated(lists, procedure, why_not, _why_not(why_not, in_force or fitting, lists, procedure, on))


def _not_mandated(lists: Lists, procedure: Coding, why_not: WhyNot, reason: Text) -> Answer:
    accepted = lists.others is Others.ACCEPT
    return Answer(procedure=procedure, mandated=False, accepted=accepted, reason=reason, why_not=why_not)


def _holds_on(mandate: Mandate, day: date) -> bool:
    return (mandate.since is None or mandate.since <= day) and (mandate.until is None or day <= mandate.until)


_WHOSE = {
    MandateSource.PAYER: Text(
        en="{procedure} is on the list of {payer}: {title}.", es="{procedure} está en la lista de {payer}: {title}."
    ),
    MandateSource.JURISDICTION: Text(
        en="{procedure} is on the list of {overlay} ({law}): {title}.",
        es="{procedure} está en la lista de {overlay} ({law}): {title}.",
    ),
    MandateSource.PATHWAY: Text(
        en="{procedure} is on the list that holds where a payer has none of its own ({pathway}): {title}.",
        es="{procedure} está en la lista que rige cuando la entidad no tiene una propia ({pathway}): {title}.",
    ),
}
_WHY_NOT = {
    WhyNot.OTHER_DIAGNOSIS: Text(
        en="{procedure} is mandated only with certain diagnoses ({title}), and none of them was given.",
        es="{procedure} solo se exige con ciertos diagnósticos ({title}), y no se ha indicado ninguno de ellos.",
    ),
    WhyNot.NOT_IN_FORCE: Text(
        en="The rule for {procedure} ({title}) does not hold on {day}.",
        es="La regla para {procedure} ({title}) no rige el {day}.",
    ),
    WhyNot.NOT_LISTED: Text(
        en="{procedure} is on none of the lists that hold for {payer}: {lists}.",
        es="{procedure} no está en ninguna de las listas que rigen para {payer}: {lists}.",
    ),
}
_LISTS = {
    MandateSource.PAYER: Text(en="the payer's own", es="la propia de la entidad"),
    MandateSource.JURISDICTION: Text(en="{overlay}", es="{overlay}"),
    MandateSource.PATHWAY: Text(en="the pathways'", es="las de los itinerarios"),
}
_NONE = Text(en="there is none", es="no hay ninguna")
_PAYER = Text(en="this payer", es="esta entidad")


def _why(mandate: Mandate, lists: Lists, procedure: Coding) -> Text:
    return _told(_WHOSE[mandate.source], lists, procedure, title=mandate.title, pathway=_pathway_of(mandate, lists))


def _why_not(why_not: WhyNot, found: Sequence[Mandate], lists: Lists, procedure: Coding, on: date) -> Text:
    title = found[0].title if found else _NONE
    return _told(_WHY_NOT[why_not], lists, procedure, title=title, day=on.isoformat(), lists_=_looked_in(lists))


def _looked_in(lists: Lists) -> Text:
    sources = dict.fromkeys(one.source for one in mandates(lists))
    if not sources:
        return _NONE
    en, es = (
        ", ".join(_LISTS[one].in_language(language) for one in sources).replace(
            "{overlay}", lists.overlay.title.in_language(language)
        )
        for language in ("en", "es")
    )
    return Text(en=en, es=es)


def _pathway_of(mandate: Mandate, lists: Lists) -> Text:
    known = lists.pathways.get(mandate.pathway) if mandate.pathway else None
    return known.title if known else _NONE


def _told(words: Text, lists: Lists, procedure: Coding, **more: Text | str) -> Text:
    payer = lists.payer.title if lists.payer else _PAYER
    parts: dict[str, Text | str] = {
        "procedure": f"{procedure.system.value} {procedure.code}",
        "payer": payer,
        "overlay": lists.overlay.title,
        "law": lists.overlay.legal_source,
        **{name.rstrip("_"): value for name, value in more.items()},
    }
    en, es = (
        words.in_language(language).format(**{name: _in(part, language) for name, part in parts.items()})
        for language in ("en", "es")
    )
    return Text(en=en, es=es)


def _in(part: Text | str, language: str) -> str:
    return part if isinstance(part, str) else part.in_language(language)
