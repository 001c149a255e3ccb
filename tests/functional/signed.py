"""One signed report that several tests share: printed once, sealed by the demo authority of a folder of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509

from secunda.adapters.fhir.document.build import document_bytes
from secunda.adapters.signing.seal import Times, seal
from secunda.adapters.signing.signatory import ORGANISATION, EmbeddedFile, Signatory
from secunda.adapters.signing.trust import trusted_roots
from secunda.reporting.content import ReportContent
from secunda.reporting.render import render
from secunda.settings import Settings
from tests.unit.reporting.samples import minimal

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CONTENT = minimal().model_copy(update={"check_address": "https://opinion.example.org/v/Zm9vYmFyYmF6cXV4MTIzNA"})
RECORD = b'{"case": "%s", "report": {"version": %d}}' % (
    CONTENT.reference.encode(),
    CONTENT.version,
)  # the least that a provenance record says


@dataclass(frozen=True)
class Signed:
    pdf: bytes
    unsigned: bytes
    using: Settings
    roots: list[x509.Certificate]


def settings_of(home: Path, **values: Any) -> Settings:
    return Settings(_env_file=None, environment="test", home=home, **values)


def files(content: ReportContent = CONTENT) -> tuple[EmbeddedFile, ...]:
    bundle = document_bytes(content, "es")
    return (
        EmbeddedFile("second-opinion.fhir.json", bundle, "application/fhir+json", "FHIR", "Alternative"),
        EmbeddedFile("provenance.json", RECORD, "application/json", "Provenance", "Supplement"),
    )


def signatories() -> tuple[Signatory, ...]:
    experts = (
        Signatory(f"expert-{n}", one.name, f"Firma de {one.name}", "Opinion") for n, one in enumerate(CONTENT.panel)
    )
    return (*experts, Signatory(ORGANISATION, "Secunda", "Sello de Secunda", "Report"))


def printed() -> bytes:
    return render(CONTENT, "es").pdf


def sign(unsigned: bytes, using: Settings, stamper: Any = None) -> bytes:
    return seal(unsigned, files(), signatories(), Times(NOW, NOW), using, stamper).pdf


def signed_in(home: Path) -> Signed:
    using, unsigned = settings_of(home), printed()
    pdf = sign(unsigned, using)
    return Signed(pdf, unsigned, using, trusted_roots(using))
