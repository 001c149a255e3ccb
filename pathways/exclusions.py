"""The hard exclusions of expert matching: each a test, a reason code, and a text for the coordinator and the record."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import lru_cache

from pathways.experts import Exclusion, ExpertProfile, MatchRequest
from pathways.names import is_same_institution, is_same_person
from pathways.vocabulary import Text


class Reason(StrEnum):
    INACTIVE = "inactive"
    ON_PANEL = "on_panel"
    DECLINED = "declined"
    REPLACED = "replaced"
    FIRST_INSTITUTION = "first_institution"
    OPERATING_SITE = "operating_site"
    TREATED_PATIENT = "treated_patient"
    FINANCIAL_INTEREST = "financial_interest"
    LICENCE_MISSING = "licence_missing"
    LICENCE_LAPSED = "licence_lapsed"
    SUBSPECIALTY = "subspecialty"
    LANGUAGE = "language"
    AT_CAPACITY = "at_capacity"
    ON_LEAVE = "on_leave"
    EXPERIENCE = "experience"


#: What the texts are filled with, or None where the reason does not apply.
Facts = dict[str, object] | None
Test = Callable[[ExpertProfile, MatchRequest], Facts]


def exclusions(expert: ExpertProfile, request: MatchRequest) -> tuple[Exclusion, ...]:
    """Every reason, not only the first, why this expert may not have this place."""
    found = []
    for reason, (test, _) in TESTS.items():
        facts = test(expert, request)
        if facts is not None:
            found.append(_written(reason, tuple(facts.items())))
    return tuple(found)


@lru_cache(maxsize=4096)
def _written(reason: Reason, facts: tuple[tuple[str, object], ...]) -> Exclusion:
    """Half a directory is excluded for the same reason in the same words: write them once."""
    _, text = TESTS[reason]
    return Exclusion(code=reason, text=Text(en=text.en.format(**dict(facts)), es=text.es.format(**dict(facts))))


def _institution(expert: ExpertProfile, other: str) -> Facts:
    return {"institution": expert.institution} if other and is_same_institution(expert.institution, other) else None


def _shared_interest(expert: ExpertProfile, request: MatchRequest) -> Facts:
    if not expert.financial_interests:
        return None
    parties = (*request.parties, request.first_institution, request.operating_site)
    shared = [i for i in expert.financial_interests if any(is_same_institution(i, party) for party in parties)]
    return {"interests": ", ".join(shared)} if shared else None


def _treated(expert: ExpertProfile, request: MatchRequest) -> Facts:
    for who in request.treated_by:
        if who == expert.code or is_same_person(who, expert.name):
            return {}
    return None


def _no_licence(expert: ExpertProfile, request: MatchRequest) -> Facts:
    return None if _licence_ends(expert, request) else {"country": ", ".join(request.licensed_in) or request.country}


def _lapsed_licence(expert: ExpertProfile, request: MatchRequest) -> Facts:
    ends = _licence_ends(expert, request)
    return {"until": max(ends)} if ends and max(ends) < request.works_until else None


def _licence_ends(expert: ExpertProfile, request: MatchRequest) -> list[date]:
    accepted = request.licensed_in or (request.country,)
    return [x.valid_until or date.max for x in expert.licences if x.country in accepted or not accepted[0]]


def _subspecialty(expert: ExpertProfile, request: MatchRequest) -> Facts:
    for asked in request.subspecialties:
        if asked in expert.subspecialties:
            return None
    return {"asked": ", ".join(request.subspecialties)}


def _language(expert: ExpertProfile, request: MatchRequest) -> Facts:
    if request.translation_booked or request.language in expert.languages:
        return None
    return {"language": request.language.value}


def _at_capacity(expert: ExpertProfile, _: MatchRequest) -> Facts:
    return {"load": expert.load, "capacity": expert.capacity} if expert.load >= expert.capacity else None


def _on_leave(expert: ExpertProfile, request: MatchRequest) -> Facts:
    for away in expert.leave:
        if away.from_ <= request.works_until and away.to >= request.works_from:
            return {"start": away.from_, "end": away.to}
    return None


def _too_few_years(expert: ExpertProfile, request: MatchRequest) -> Facts:
    if not request.minimum_years:
        return None
    since, today = expert.practising_since, request.works_from
    years = 0 if since is None else today.year - since.year - ((today.month, today.day) < (since.month, since.day))
    return {"asked": request.minimum_years, "years": max(years, 0)} if years < request.minimum_years else None


TESTS: dict[Reason, tuple[Test, Text]] = {
    Reason.INACTIVE: (
        lambda expert, _: None if expert.active else {},
        Text(en="Not active in the directory.", es="No está en activo en el directorio."),
    ),
    Reason.ON_PANEL: (
        lambda expert, request: {} if expert.code in request.on_panel else None,
        Text(en="Already has a place on this panel.", es="Ya tiene un puesto en este panel."),
    ),
    Reason.DECLINED: (
        lambda expert, request: {} if expert.code in request.declined else None,
        Text(en="Has declined this case.", es="Ha rechazado este caso."),
    ),
    Reason.REPLACED: (
        lambda expert, request: {} if expert.code in request.replaced else None,
        Text(en="Was replaced on this case.", es="Fue sustituido en este caso."),
    ),
    Reason.FIRST_INSTITUTION: (
        lambda expert, request: _institution(expert, request.first_institution),
        Text(
            en="Works where the first opinion was given: {institution}.",
            es="Trabaja donde se dio la primera opinión: {institution}.",
        ),
    ),
    Reason.OPERATING_SITE: (
        lambda expert, request: _institution(expert, request.operating_site),
        Text(
            en="Works where the procedure is planned: {institution}.",
            es="Trabaja donde está previsto el procedimiento: {institution}.",
        ),
    ),
    Reason.TREATED_PATIENT: (_treated, Text(en="Has treated the patient.", es="Ha tratado al paciente.")),
    Reason.FINANCIAL_INTEREST: (
        _shared_interest,
        Text(
            en="Has declared a financial interest: {interests}.",
            es="Ha declarado un interés económico: {interests}.",
        ),
    ),
    Reason.LICENCE_MISSING: (
        _no_licence,
        Text(en="Has no licence to practise in {country}.", es="No tiene licencia para ejercer en {country}."),
    ),
    Reason.LICENCE_LAPSED: (
        _lapsed_licence,
        Text(
            en="The licence ends on {until}, before the opinion is due.",
            es="La licencia termina el {until}, antes de que venza la opinión.",
        ),
    ),
    Reason.SUBSPECIALTY: (
        _subspecialty,
        Text(en="Has none of the subspecialties: {asked}.", es="No tiene ninguna de las subespecialidades: {asked}."),
    ),
    Reason.LANGUAGE: (
        _language,
        Text(
            en="Does not write in {language}, and no translation is booked.",
            es="No escribe en {language} y no hay traducción contratada.",
        ),
    ),
    Reason.AT_CAPACITY: (
        _at_capacity,
        Text(
            en="Has {load} assignments and takes {capacity} at once.",
            es="Tiene {load} asignaciones y admite {capacity} a la vez.",
        ),
    ),
    Reason.ON_LEAVE: (
        _on_leave,
        Text(en="On leave from {start} to {end}.", es="De ausencia del {start} al {end}."),
    ),
    Reason.EXPERIENCE: (
        _too_few_years,
        Text(
            en="{asked} years of full-time practice are asked for; {years} are recorded.",
            es="Se piden {asked} años de práctica a tiempo completo; constan {years}.",
        ),
    ),
}
