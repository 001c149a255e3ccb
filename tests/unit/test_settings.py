"""Settings that are only safe in a demo are refused elsewhere."""

import pytest
from pydantic import ValidationError

from secunda.settings import Settings

SAFE = {
    "SECUNDA_ENVIRONMENT": "production",
    "SECUNDA_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "SECUNDA_PREFECT_AUTH_STRING": "secunda:correct horse",
    "SECUNDA_PUBLIC_URL": "https://opinion.example.org",
    "SECUNDA_COORDINATOR_EMAIL": "coordinator@example.org",
    "SECUNDA_MEDICAL_DIRECTOR_EMAIL": "director@example.org",
    "SECUNDA_EMAIL_CHANNEL": "sendgrid",
    "SECUNDA_SENDGRID_API_KEY": "SG.key",
    "SECUNDA_SIGNING_FOLDER": "/etc/secunda/keys",
    "SECUNDA_TRUSTED_CERTIFICATES": "/etc/secunda/trusted.pem",
}


def use(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


def test_a_safe_installation_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert use(monkeypatch, SAFE).environment == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECUNDA_SECRET_KEY", "too short"),
        ("SECUNDA_PREFECT_AUTH_STRING", ""),
        ("SECUNDA_PUBLIC_URL", "http://opinion.example.org"),
        ("SECUNDA_COORDINATOR_EMAIL", "coordinator@secunda.invalid"),
        ("SECUNDA_MEDICAL_DIRECTOR_EMAIL", "director@secunda.invalid"),
        ("SECUNDA_EMAIL_CHANNEL", "file"),
        ("SECUNDA_SENDGRID_API_KEY", ""),
        ("SECUNDA_CLOCK_SPEED", "600"),
        ("SECUNDA_SIGNING_FOLDER", ""),
        ("SECUNDA_TRUSTED_CERTIFICATES", ""),
    ],
)
def test_each_unsafe_value_is_refused_in_production_and_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(ValidationError, match=name):
        use(monkeypatch, SAFE | {name: value})


def test_the_demo_needs_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert use(monkeypatch, {}).environment == "demo"
