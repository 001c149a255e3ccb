"""The state machines of the insurers' door: who may call, what was asked for, what is told to whom."""

from enum import StrEnum


class CredentialKind(StrEnum):
    CLIENT_SECRET = "client_secret"  # noqa: S105 - a kind, not a secret
    API_KEY = "api_key"
    PUBLIC_KEY = "public_key"


class IdempotencyStatus(StrEnum):
    IN_FLIGHT = "in_flight"
    FINISHED = "finished"


class ReviewSource(StrEnum):
    """How the payer asked."""

    REST = "rest"
    PAS = "pas"  # Da Vinci Claim/$submit
    SERVICE_REQUEST = "service_request"  # a plain FHIR transaction
    CSV = "csv"


class Certification(StrEnum):
    """What the payer is told about its prior authorisation. There is no denial: that is the payer's alone."""

    PENDED = "pended"
    CERTIFIED = "certified"
    PENDED_TO_MEDICAL_DIRECTOR = "pended_to_medical_director"
    CANCELLED = "cancelled"


class UploadStatus(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    REFUSED = "refused"  # all of it came, and it is no document that can be kept
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class WebhookKind(StrEnum):
    STANDARD_WEBHOOK = "standard_webhook"
    FHIR_REST_HOOK = "fhir_rest_hook"


class WebhookStatus(StrEnum):
    ENABLED = "enabled"
    DISABLED = "disabled"
    DELETED = "deleted"  # kept for its log of deliveries


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    FAILED = "failed"  # the schedule is exhausted, or the endpoint said that it is gone
    CANCELLED = "cancelled"  # the endpoint was disabled or deleted before


I = IdempotencyStatus  # noqa: E741
IDEMPOTENCY_TRANSITIONS: dict[IdempotencyStatus, set[IdempotencyStatus]] = {
    I.IN_FLIGHT: {I.FINISHED},
    I.FINISHED: set(),
}

C = Certification
CERTIFICATION_TRANSITIONS: dict[Certification, set[Certification]] = {
    C.PENDED: {C.CERTIFIED, C.PENDED_TO_MEDICAL_DIRECTOR, C.CANCELLED},
    C.CERTIFIED: {C.PENDED},  # its report is being corrected
    C.PENDED_TO_MEDICAL_DIRECTOR: {C.PENDED, C.CANCELLED},
    C.CANCELLED: set(),
}

U = UploadStatus
UPLOAD_TRANSITIONS: dict[UploadStatus, set[UploadStatus]] = {
    U.OPEN: {U.FINISHED, U.REFUSED, U.CANCELLED, U.EXPIRED},
    U.FINISHED: set(),
    U.REFUSED: set(),
    U.CANCELLED: set(),
    U.EXPIRED: set(),
}

W = WebhookStatus
WEBHOOK_TRANSITIONS: dict[WebhookStatus, set[WebhookStatus]] = {
    W.ENABLED: {W.DISABLED, W.DELETED},
    W.DISABLED: {W.ENABLED, W.DELETED},
    W.DELETED: set(),
}

D = DeliveryStatus
DELIVERY_TRANSITIONS: dict[DeliveryStatus, set[DeliveryStatus]] = {
    D.QUEUED: {D.CLAIMED, D.CANCELLED},
    D.CLAIMED: {D.DELIVERED, D.QUEUED, D.FAILED, D.CANCELLED},  # queued: to be tried again, or its sender died
    D.DELIVERED: {D.QUEUED},  # sent once more because somebody asked
    D.FAILED: {D.QUEUED},
    D.CANCELLED: {D.QUEUED},
}
