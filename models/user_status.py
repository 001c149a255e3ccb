"""The words of accounts."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody with an account is here; secunda/permissions.py says what each may do."""

    COORDINATOR = "coordinator"
    MEDICAL_DIRECTOR = "medical_director"
    OPS = "ops"
    AUDITOR = "auditor"
    PAYER_VIEWER = "payer_viewer"
