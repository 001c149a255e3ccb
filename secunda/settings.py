"""Every setting, by environment variable `SECUNDA_<NAME>` or `.env`; the documented table is generated from here."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_SECRET = "demo-only-secret-do-not-use-for-patients"  # noqa: S105 - refused outside the demo, see below


class Settings(BaseSettings):
    """The environment of one installation.

    Raises ValueError where a default that is only safe in the demo would be used with real patients.
    """

    model_config = SettingsConfigDict(
        env_prefix="SECUNDA_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    environment: Literal["demo", "test", "production"] = Field(
        "demo", description="`production` refuses every default that is only safe in a demo."
    )
    home: Path = Field(Path("var"), description="Folder of the embedded database, documents, outbox and logs.")
    database_url: str = Field("", description="PostgreSQL URL (`postgresql+psycopg://…`); empty: embedded server.")
    public_url: str = Field("http://127.0.0.1:8900", description="Where experts and patients reach this installation.")
    time_zone: str = Field("Europe/Madrid", description="IANA time zone that pages and commands show times in.")
    secret_key: SecretStr = Field(SecretStr(DEMO_SECRET), description="Signs links; at least 32 characters.")

    api_host: str = Field("127.0.0.1", description="Address that the API listens on.")
    api_port: int = Field(8900, description="Port of the API.")
    api_idle_seconds: float = Field(20.0, gt=0, le=300, description="Wall seconds that a body may stop coming for.")
    api_processes: int = Field(
        0, ge=0, le=64, description="Processes that serve the API; 0: two in production (200 reads a second), else one."
    )
    api_threads: int = Field(
        4, ge=1, le=100, description="Threads of each that answer requests; more only wait for each other."
    )
    api_token_seconds: int = Field(600, ge=30, le=3600, description="How long an insurer's access token is good for.")
    api_requests_per_minute: int = Field(3000, ge=1, description="Calls that one client of an insurer may make.")
    max_upload_bytes: int = Field(4 * 2**30, description="Largest document accepted as an upload in parts, in bytes.")
    upload_hours: int = Field(48, ge=1, description="Hours after which an unfinished upload is given up.")
    prefect_port: int = Field(4200, description="Port of the Prefect server that `secunda up` starts, on 127.0.0.1.")
    prefect_auth_string: SecretStr = Field(SecretStr(""), description="`user:password` of the Prefect API (Basic).")
    work_pool: str = Field("pathways", description="Prefect work pool that cases run in.")

    pathway_folder: Path | None = Field(None, description="Own pathway files; empty: those shipped.")
    payer_folder: Path | None = Field(
        None, description="Files of the payers, `<slug>.yaml`; empty: the shipped example."
    )
    expert_directory: Path | None = Field(None, description="CSV or YAML file of experts, imported at start.")
    jurisdiction: str = Field("es-ct", description="Default overlay of legal clocks and calendar.")
    coordinator_email: str = Field("coordinator@secunda.invalid", description="Whom the coordinator's messages reach.")
    coordinator_phone: str = Field("", description="The same by SMS.")
    medical_director_email: str = Field("director@secunda.invalid", description="Second level of escalation.")
    expert_fee: str = Field("", description="What an offer says about the expert's fee; empty: as agreed.")
    medical_director_phone: str = Field("", description="The same by SMS.")

    email_channel: Literal["file", "sendgrid"] = Field("file", description="How e-mail leaves.")
    sms_channel: Literal["file", "twilio"] = Field("file", description="How SMS leaves.")
    sendgrid_api_key: SecretStr = Field(SecretStr(""), description="SendGrid API key.")
    sendgrid_url: HttpUrl | None = Field(None, description="Other base URL for SendGrid (EU region, tests).")
    email_from: str = Field("no-reply@secunda.invalid", description="Sender of e-mail.")
    twilio_account_sid: str = Field("", description="Twilio account SID.")
    twilio_auth_token: SecretStr = Field(SecretStr(""), description="Twilio auth token.")
    twilio_url: HttpUrl | None = Field(None, description="Other base URL for Twilio (tests).")
    sms_from: str = Field("", description="Sender of SMS: a Twilio number or messaging service.")

    max_document_bytes: int = Field(250 * 2**20, description="Largest document accepted, in bytes.")
    max_bundle_bytes: int = Field(50 * 2**20, description="Largest FHIR bundle accepted, in bytes.")
    fetch_allowed_hosts: tuple[str, ...] = Field(
        (), description="Hosts besides public https ones that documents are fetched from."
    )

    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Bearer token that /metrics asks for; empty: callers on this machine only, in production nobody.",
    )

    webhook_allowed_hosts: tuple[str, ...] = Field(
        (), description="Hosts (`host` or `host:port`) besides public https ones that webhooks are sent to."
    )
    webhook_log_days: int = Field(30, ge=1, le=3650, description="How long the log of delivered webhooks is kept.")
    webhook_seconds: float = Field(
        15.0, gt=0, le=30, description="Wall seconds that a webhook's receiver has to answer."
    )

    signing_folder: Path | None = Field(
        None, description="PKCS#12 files to sign reports with: `organisation.p12`, and `<code>.p12` for each expert."
    )
    signing_passphrase: SecretStr = Field(SecretStr(""), description="Opens the PKCS#12 files.")
    pkcs11_module: Path | None = Field(
        None, description="Library of a PKCS#11 token to sign with; labels as the PKCS#12 files are named."
    )
    pkcs11_token: str = Field("", description="The token's label; empty: the first.")
    pkcs11_pin: SecretStr = Field(SecretStr(""), description="The token's user PIN.")
    expert_signatures: Literal["required", "where_available"] = Field(
        "required", description="Whether a report waits until every expert on it has a certificate."
    )
    timestamp_url: HttpUrl | None = Field(
        None, description="RFC 3161 service: signatures are time-stamped and stay valid beyond their certificates."
    )
    fetch_revocation: bool = Field(
        False, description="Fetch whether certificates were revoked (OCSP, CRL), and embed the answers."
    )
    trusted_certificates: Path | None = Field(
        None, description="PEM file of the authorities that reports' signatures are checked against."
    )

    clock_speed: float = Field(
        1.0, gt=0, description="Pathway seconds per wall second; other than 1 in demo and test only."
    )
    clock_started_at: datetime | None = Field(None, description="Wall time at which a fast clock began.")
    clock_shows: datetime | None = Field(None, description="Pathway time that a fast clock began at.")

    session_idle_minutes: int = Field(60, ge=1, description="Minutes without a page after which one is signed out.")
    session_hours: int = Field(12, ge=1, description="Hours after which one is signed out in any case.")
    oidc_issuer: str = Field("", description="OpenID Connect issuer to sign in with; empty: local accounts only.")
    oidc_client_id: str = Field("", description="What Secunda is called there.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret there.")
    oidc_name: str = Field("", description="What the button on the sign-in page says, as `Hospital account`.")

    lease_seconds: int = Field(
        20, ge=1, description="Wall seconds after which a case whose worker fell silent is taken over."
    )
    worker_concurrency: int = Field(16, description="Cases that one worker executes at once.")

    @model_validator(mode="after")
    def _refuse_insecure_defaults(self) -> "Settings":
        if self.environment != "production":
            return self
        problems = [text for insecure, text in self._insecure() if insecure]
        if problems:
            raise ValueError("not safe for real patients: " + "; ".join(problems))
        return self

    def _insecure(self) -> list[tuple[bool, str]]:
        secret = self.secret_key.get_secret_value()
        return [
            (secret == DEMO_SECRET or len(secret) < 32, "set SECUNDA_SECRET_KEY to 32 or more random characters"),
            (not self.prefect_auth_string.get_secret_value(), "set SECUNDA_PREFECT_AUTH_STRING to user:password"),
            (not self.public_url.startswith("https://"), "set SECUNDA_PUBLIC_URL to an https:// address"),
            (self.clock_speed != 1.0, "unset SECUNDA_CLOCK_SPEED"),
            (0 < len(self.metrics_token.get_secret_value()) < 16, "set SECUNDA_METRICS_TOKEN to 16 or more characters"),
            (
                self.signing_folder is None and self.pkcs11_module is None,
                "set SECUNDA_SIGNING_FOLDER or SECUNDA_PKCS11_MODULE: the demo's certificates are no one's",
            ),
            (
                self.trusted_certificates is None,
                "set SECUNDA_TRUSTED_CERTIFICATES to the authorities that issued the signing certificates",
            ),
            (self.coordinator_email.endswith(".invalid"), "set SECUNDA_COORDINATOR_EMAIL"),
            (self.medical_director_email.endswith(".invalid"), "set SECUNDA_MEDICAL_DIRECTOR_EMAIL"),
            (self.email_channel == "file", "set SECUNDA_EMAIL_CHANNEL=sendgrid and its key"),
            (
                self.email_channel == "sendgrid" and not self.sendgrid_api_key.get_secret_value(),
                "set SECUNDA_SENDGRID_API_KEY",
            ),
            (
                self.sms_channel == "twilio" and not self.twilio_auth_token.get_secret_value(),
                "set SECUNDA_TWILIO_AUTH_TOKEN",
            ),
        ]

    @property
    def processes_of_api(self) -> int:
        return self.api_processes or (2 if self.environment == "production" else 1)

    @property
    def documents_folder(self) -> Path:
        return self.home / "documents"

    @property
    def demo_authority_folder(self) -> Path:
        return self.home / "signing" / "demo"

    @property
    def outbox_folder(self) -> Path:
        return self.home / "outbox"

    @property
    def log_folder(self) -> Path:
        return self.home / "log"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
