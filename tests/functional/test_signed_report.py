"""Signatures on the report: whose they are, what they cover, and that nothing in the file can change unseen."""

import io
import random
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pkcs11
import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.x509 import decode_x509_certificate
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature

from secunda.adapters.signing.demo_authority import demo_authority
from secunda.adapters.signing.prepare import prepare
from secunda.adapters.signing.seal import Times, seal
from secunda.adapters.signing.signatory import SigningError
from secunda.adapters.signing.trust import checking_context, trusted_roots
from secunda.verifying import child
from secunda.verifying.child import ExaminationError, examine_safely
from secunda.verifying.examine import examine
from secunda.verifying.verdict import Examination, Finding, UnreadableFileError
from tests.functional.pdf_structure import problems
from tests.functional.signed import CONTENT, NOW, Signed, files, settings_of, sign, signatories, signed_in

SOFTHSM_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
FLIPS = 40  # in the suite; a run of thousands found none undetected


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return signed_in(tmp_path_factory.mktemp("home"))


def seen(signed: Signed, pdf: bytes, *, demo_trusted: bool = True) -> Examination:
    return examine(pdf, signed.roots, demo_trusted=demo_trusted)


def test_every_expert_and_the_organisation_have_signed_and_the_seal_is_last(signed: Signed) -> None:
    found = seen(signed, signed.pdf)
    assert (found.finding, found.problem) == (Finding.INTACT, "")
    assert [one.name for one in found.signatures] == [f"{one.name} (DEMO)" for one in signatories()]
    assert [one.seal for one in found.signatures] == [*[False] * len(CONTENT.panel), True]
    assert {one.signed_at for one in found.signatures} == {NOW}
    assert all(one.demo for one in found.signatures)


def test_an_independent_validator_accepts_every_signature_and_what_came_after_it(signed: Signed) -> None:
    """pyHanko's own analysis of what each revision changed: nothing but signatures."""
    for one in PdfFileReader(io.BytesIO(signed.pdf)).embedded_signatures:
        status = validate_pdf_signature(one, checking_context(signed.roots))
        assert status.bottom_line, status.pretty_print_details()


def test_the_report_says_itself_which_case_and_version_it_is(signed: Signed) -> None:
    found = seen(signed, signed.pdf)
    assert (found.reference, found.version) == (CONTENT.reference, CONTENT.version)


def test_the_files_inside_are_associated_files_with_their_relationship(signed: Signed) -> None:
    with pikepdf.open(io.BytesIO(signed.pdf)) as document:
        listed = [(str(one.UF), str(one.AFRelationship)) for one in document.Root.AF]
        assert listed == [("second-opinion.fhir.json", "/Alternative"), ("provenance.json", "/Supplement")]
        content = document.attachments["second-opinion.fhir.json"].get_file()
        assert (content.read_bytes(), content.mime_type) == (files()[0].content, "application/fhir+json")


def test_the_fields_are_tagged_named_and_take_no_room(signed: Signed) -> None:
    with pikepdf.open(io.BytesIO(signed.pdf)) as document:
        fields = list(document.Root.AcroForm.Fields)
        assert [str(field.TU) for field in fields] == [one.label for one in signatories()]
        for field in fields:
            widget = field.Kids[0]
            assert [float(side) for side in widget.Rect] == [0, 0, 0, 0]
            nums = list(document.Root.StructTreeRoot.ParentTree.Nums)
            tags = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
            assert pikepdf.Name.Form == tags[int(widget.StructParent)].S


def test_the_signed_file_is_as_archival_and_accessible_as_the_printed_one(signed: Signed) -> None:
    assert problems(signed.pdf) == problems(signed.unsigned) == []


def test_what_is_signed_is_the_same_every_time(signed: Signed) -> None:
    first, second = (prepare(signed.unsigned, files(), signatories(), NOW) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("where", ["anywhere", "in the last signature"])
def test_no_bit_changes_unseen(signed: Signed, where: str) -> None:
    chance = random.Random(20261122)
    last = PdfFileReader(io.BytesIO(signed.pdf)).embedded_signatures[-1].byte_range
    start, end = (0, len(signed.pdf)) if where == "anywhere" else (int(last[1]), int(last[2]))
    for _ in range(FLIPS):
        bit = chance.randrange(start * 8, end * 8)
        altered = bytearray(signed.pdf)
        altered[bit // 8] ^= 1 << bit % 8
        try:
            assert seen(signed, bytes(altered)).finding is Finding.ALTERED, f"bit {bit}"
        except UnreadableFileError:
            continue


def test_an_earlier_revision_is_not_taken_for_the_report(signed: Signed) -> None:
    """Cut off after an expert's signature, the file is whole in itself, but the seal is missing."""
    first = PdfFileReader(io.BytesIO(signed.pdf)).embedded_signatures[0].byte_range
    found = seen(signed, signed.pdf[: int(first[2]) + int(first[3])])
    assert (found.finding, found.problem) == (Finding.ALTERED, "a signature that belongs to it is missing")


def test_something_added_after_the_seal_is_seen(signed: Signed) -> None:
    assert seen(signed, signed.pdf + b"\n% more").finding in (Finding.ALTERED, Finding.UNTRUSTED)


def test_a_report_without_signatures_is_called_unsigned(signed: Signed) -> None:
    assert seen(signed, signed.unsigned).finding is Finding.UNSIGNED


def test_a_demo_certificate_is_nobodys_where_patients_are_real(signed: Signed) -> None:
    assert seen(signed, signed.pdf, demo_trusted=False).finding is Finding.UNTRUSTED


def test_another_installations_demo_is_not_trusted(signed: Signed, tmp_path: Path) -> None:
    demo_authority(settings_of(tmp_path).demo_authority_folder, NOW)
    assert examine(signed.pdf, trusted_roots(settings_of(tmp_path)), demo_trusted=True).finding is Finding.UNTRUSTED


@pytest.mark.parametrize("damage", [b"", b"%PDF-1.7\n", b"\0" * 5000, b"%PDF-1.7\n1 0 obj<</Kids[1 0 R]>>endobj" * 50])
def test_what_is_no_pdf_is_one_clear_error(signed: Signed, damage: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="no PDF"):
        seen(signed, damage)


def test_a_file_from_a_stranger_is_examined_in_a_process_of_its_own(home: Path) -> None:
    """As hostile as it may be, it costs a process and a clear answer. This one has an object that holds itself."""
    loop = b"%PDF-1.7\n1 0 obj<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>endobj\n2 0 obj<</T(a)/Kids[2 0 R]>>endobj\n"
    with pytest.raises(UnreadableFileError):
        examine_safely(loop + b"trailer<</Root 1 0 R>>")


@pytest.mark.parametrize(("limit", "value"), [("WALL_SECONDS", 0.01), ("LARGEST", 10)])
def test_what_takes_too_much_is_one_clear_error(
    home: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: float
) -> None:
    monkeypatch.setattr(child, limit, value)
    with pytest.raises(ExaminationError):
        examine_safely(b"%PDF-1.7 and so on")


# Certificates from files


def issue(name: str, issuer: x509.Certificate | None, by: ec.EllipticCurvePrivateKey | None, **days: int):  # type: ignore[no-untyped-def]
    """A certificate, for signing, for time stamps (`stamps=1`) or of an authority, and its key."""
    key = rsa.generate_private_key(65537, 2048) if days.get("stamps") else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    builder = builder.issuer_name(issuer.subject if issuer else subject).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(NOW - timedelta(days=400)).not_valid_after(
        NOW + timedelta(days=days.get("valid", 90))
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), True)
    signs = issuer is not None
    usage = (signs, signs, False, False, False, not signs, not signs, False, False)
    builder = builder.add_extension(x509.KeyUsage(*usage), True)
    if days.get("stamps"):
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return builder.sign(by or key, hashes.SHA256()), key


@pytest.fixture(scope="module")
def authority():  # type: ignore[no-untyped-def]
    return issue("Test Root", None, None)


@pytest.fixture
def keys(tmp_path: Path, authority) -> Path:  # type: ignore[no-untyped-def]
    """PKCS#12 files for everybody, and the PEM file of who is trusted."""
    folder = tmp_path / "keys"
    folder.mkdir()
    for one in signatories():
        write_key(folder, one.key, issue(one.name, *authority), authority[0])
    (tmp_path / "trusted.pem").write_bytes(authority[0].public_bytes(Encoding.PEM))
    return folder


def write_key(folder: Path, name: str, pair, root: x509.Certificate) -> None:  # type: ignore[no-untyped-def]
    certificate, key = pair
    content = pkcs12.serialize_key_and_certificates(
        b"k", key, certificate, [root], BestAvailableEncryption(b"secret word")
    )
    (folder / f"{name}.p12").write_bytes(content)


def with_keys(keys: Path, **values: object):  # type: ignore[no-untyped-def]
    given = {
        "signing_folder": keys,
        "signing_passphrase": "secret word",
        "trusted_certificates": keys.parent / "trusted.pem",
    }
    return settings_of(keys.parent, **(given | values))


def test_certificates_from_files_sign_in_their_own_names(signed: Signed, keys: Path) -> None:
    using = with_keys(keys)
    found = examine(sign(signed.unsigned, using), trusted_roots(using))
    assert found.finding is Finding.INTACT
    assert [(one.name, one.demo) for one in found.signatures] == [(one.name, False) for one in signatories()]


def test_a_missing_certificate_is_named_with_its_remedy(signed: Signed, keys: Path) -> None:
    (keys / "expert-0.p12").unlink()
    with pytest.raises(SigningError, match="no certificate for expert-0"):
        sign(signed.unsigned, with_keys(keys))
    using = with_keys(keys, expert_signatures="where_available")
    assert [one.name for one in examine(sign(signed.unsigned, using), trusted_roots(using)).signatures] == ["Secunda"]


def test_a_wrong_passphrase_is_said_without_it(signed: Signed, keys: Path) -> None:
    with pytest.raises(SigningError, match="cannot be opened") as caught:
        sign(signed.unsigned, with_keys(keys, signing_passphrase="not the word"))
    assert "not the word" not in str(caught.value)


def test_an_expired_certificate_is_named_with_its_dates(signed: Signed, keys: Path, authority) -> None:  # type: ignore[no-untyped-def]
    write_key(keys, "organisation", issue("Secunda", *authority, valid=-30), authority[0])
    with pytest.raises(SigningError, match=r"organisation is valid from .* not now"):
        sign(signed.unsigned, with_keys(keys))


def test_nobody_signs_in_production_without_certificates(signed: Signed, tmp_path: Path) -> None:
    using = settings_of(tmp_path).model_copy(update={"environment": "production"})
    with pytest.raises(SigningError, match="No certificate is set"):
        sign(signed.unsigned, using)


# A token

SOFTHSM = next((path for path in map(Path, SOFTHSM_PLACES) if path.exists()), None)


@pytest.mark.skipif(SOFTHSM is None, reason="no PKCS#11 token to try: SoftHSM is not installed")
def test_a_token_signs_with_keys_that_never_leave_it(
    signed: Signed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    authority,  # type: ignore[no-untyped-def]
) -> None:
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    command = ["softhsm2-util", "--init-token", "--free", "--label", "reports", "--so-pin", "123456", "--pin", "987654"]
    subprocess.run(command, check=True, capture_output=True)
    (tmp_path / "trusted.pem").write_bytes(authority[0].public_bytes(Encoding.PEM))
    given = {"pkcs11_module": SOFTHSM, "pkcs11_token": "reports", "trusted_certificates": tmp_path / "trusted.pem"}
    using = settings_of(tmp_path, **given, pkcs11_pin="987654")
    session = pkcs11.lib(str(SOFTHSM)).get_token(token_label="reports").open(rw=True, user_pin="987654")
    for one in signatories():
        fill_token(session, one.key, issue(one.name, *authority))
    session.close()
    found = examine(sign(signed.unsigned, using), trusted_roots(using))
    assert found.finding is Finding.INTACT, found.problem
    assert [one.name for one in found.signatures] == [one.name for one in signatories()]
    with pytest.raises(SigningError, match="token does not open") as caught:
        sign(signed.unsigned, settings_of(tmp_path, **given, pkcs11_pin="111111"))
    assert "111111" not in str(caught.value)


def fill_token(session, name: str, pair) -> None:  # type: ignore[no-untyped-def]
    certificate, key = pair
    shown = certificate.public_bytes(Encoding.DER)
    secret = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    of_ours = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: name, pkcs11.Attribute.ID: name.encode()}
    session.create_object(decode_ec_private_key(secret) | of_ours | {pkcs11.Attribute.SIGN: True})
    session.create_object(decode_x509_certificate(shown) | of_ours)


# Time stamps


@pytest.fixture(scope="module")
def stamper(authority) -> DummyTimeStamper:  # type: ignore[no-untyped-def]
    certificate, key = issue("Test Time Stamps", *authority, stamps=1)
    shown, secret = translate_pyca_cryptography_cert_to_asn1(certificate), translate_pyca_cryptography_key_to_asn1(key)
    return DummyTimeStamper(shown, secret, fixed_dt=NOW)


@pytest.fixture
def service(stamper: DummyTimeStamper) -> Iterator[str]:
    """A time-stamp service on this machine (RFC 3161 over HTTP)."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_configured_service_stamps_every_signature_and_the_whole(signed: Signed, keys: Path, service: str) -> None:
    using = with_keys(keys, timestamp_url=service)
    pdf = sign(signed.unsigned, using)
    found = examine(pdf, trusted_roots(using))
    assert found.finding is Finding.INTACT, found.problem
    assert all(one.time_stamped and one.signed_at == NOW for one in found.signatures)
    reader = PdfFileReader(io.BytesIO(pdf))
    assert [str(one.sig_object["/Type"]) for one in reader.embedded_signatures][-1] == "/DocTimeStamp"
    assert "/DSS" in reader.root, "nothing is kept to validate it in later years"
    assert problems(pdf) == []


def test_a_service_that_does_not_answer_is_worth_another_try(signed: Signed, keys: Path) -> None:
    using = with_keys(keys, timestamp_url="http://127.0.0.1:9/")
    with pytest.raises(SigningError, match="time-stamp service") as caught:
        seal(signed.unsigned, files(), signatories(), Times(NOW, NOW), using)
    assert not caught.value.permanent
