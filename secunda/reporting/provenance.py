"""The machine-readable provenance record that travels inside a report: what it rests on, without who it is about.

An auditor holds it against the domain store: the pathway's hash, each document's, each opinion's, and the event of the
case's chain that the report follows.
"""

import json
from typing import Any

from secunda.reporting.content import ReportContent
from secunda.reporting.inputs import ReportInput

FILE_NAME = "provenance.json"
FORMAT = "secunda-provenance/1"


def provenance_record(given: ReportInput, content: ReportContent) -> dict[str, Any]:
    """What the report `content`, built from `given`, rests on. Equal input gives an equal record."""
    pin, amendment = content.pathway, content.amendment
    return {
        "format": FORMAT,
        "case": content.reference,
        "report": {
            "version": content.version,
            "check_address": content.check_address,
            "content_sha256": content.sha256,
            "reported_at": content.reported_at.isoformat(),
            "language": content.language.value,
            "replaces": amendment.model_dump(mode="json", exclude={"reason"}) if amendment else None,
        },
        "pathway": {"name": pin.specialty.value, "version": pin.version, "sha256": pin.hash, "draft": pin.draft},
        "triage": {
            "urgency": content.urgency.value,
            "by_rules": content.classification.by_rules.value,
            "rules": [one.key for one in content.classification.rules],
            "chosen_by_a_person": bool(content.classification.chosen_because),
            "flags": [one.key for one in content.classification.flags],
        },
        "documents": [
            {"number": one.number, "loinc": one.loinc, "pages": one.pages, "sha256": one.sha256}
            for one in sorted(given.documents, key=lambda one: one.number)
        ],
        "opinions": [
            {
                "role": one.role,
                "seat": one.seat,
                "signed_at": one.signed_at.isoformat() if one.signed_at else None,
                "content_sha256": one.content_sha256,
            }
            for one in given.seats
        ],
        "adjudication": {"rule": content.decision.rule.value, "round": content.decision.round}
        if content.decision
        else None,
        "events": {"sequence": given.events.sequence, "sha256": given.events.sha256} if given.events else None,
    }


def provenance_bytes(given: ReportInput, content: ReportContent) -> bytes:
    """The same as the JSON that is embedded."""
    return json.dumps(provenance_record(given, content), indent=1, sort_keys=True, ensure_ascii=False).encode()
