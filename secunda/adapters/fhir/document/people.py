"""Who the document is about and who stands behind it: Patient, Organization, PractitionerRole, Coverage."""

from collections.abc import Iterator

from secunda.adapters.fhir.document.elements import Json, filled, identifier, plain, reference, resource, urn
from secunda.reporting.content import ReportContent
from secunda.reporting.people import PanelMember

UNNAMED_IDENTIFIERS = "urn:secunda:patient-identifier"  # the report keeps an identifier's value, not who gave it


def patient_url(content: ReportContent) -> str:
    return urn(content.reference, "patient")


def role_url(content: ReportContent, member: PanelMember) -> str:
    return urn(content.reference, "role", member.role, member.seat, member.name)


def organisation_url(content: ReportContent) -> str:
    return _organisation_url(content.organisation)


def requester_url(content: ReportContent) -> str:
    return _organisation_url(content.requester.name or content.organisation)


def coverage_url(content: ReportContent) -> str:
    return urn(content.reference, "coverage")


def people(content: ReportContent) -> Iterator[tuple[str, Json]]:
    """(fullUrl, resource) of everybody, organisations once each."""
    yield patient_url(content), _patient(content)
    names = (content.organisation, content.requester.name, content.requester.payer)
    institutions = (member.institution for member in content.panel)
    for name in dict.fromkeys(name for name in (*names, *institutions) if plain(name)):
        yield _organisation_url(name), resource("Organization", _organisation_url(name), name=plain(name))
    for member in content.panel:
        yield from _expert(content, member)
    if plain(content.requester.payer):
        yield coverage_url(content), _coverage(content)


def _patient(content: ReportContent) -> Json:
    who = content.patient
    given, family = plain(who.given_name), plain(who.family_name)
    name = filled(use="official", given=[given] if given else [], family=family)
    return resource(
        "Patient",
        patient_url(content),
        identifier=[identifier(UNNAMED_IDENTIFIERS, value) for value in who.identifiers if plain(value)],
        name=[name] if given or family else [],
        gender=who.sex,
        birthDate=who.birth_date.isoformat() if who.birth_date else None,
    )


def _expert(content: ReportContent, member: PanelMember) -> Iterator[tuple[str, Json]]:
    person, role = urn("practitioner", member.name, member.institution), role_url(content, member)
    yield person, resource("Practitioner", person, name=[{"text": plain(member.name) or member.role}])
    yield (
        role,
        resource(
            "PractitionerRole",
            role,
            practitioner=reference(person, member.name),
            organization=reference(_organisation_url(member.institution), member.institution)
            if plain(member.institution)
            else None,
            code=[{"text": plain(member.role_title.in_language(content.language))}],
        ),
    )


def _coverage(content: ReportContent) -> Json:
    payer = content.requester.payer
    return resource(
        "Coverage",
        coverage_url(content),
        status="active",
        beneficiary=reference(patient_url(content)),
        payor=[reference(_organisation_url(payer), payer)],
    )


def _organisation_url(name: str) -> str:
    return urn("organisation", name)
