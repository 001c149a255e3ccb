"""The tables of the domain store."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("scopes", postgresql.JSONB(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("client_id", name=op.f("uq_api_client_client_id")),
    )
    op.create_index(op.f("ix_api_client_payer"), "api_client", ["payer"], unique=False)
    op.create_table(
        "expert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("subspecialties", postgresql.JSONB(), nullable=False),
        sa.Column("languages", postgresql.JSONB(), nullable=False),
        sa.Column("institution", sa.String(), nullable=False),
        sa.Column("licences", postgresql.JSONB(), nullable=False),
        sa.Column("leave", postgresql.JSONB(), nullable=False),
        sa.Column("financial_interests", postgresql.JSONB(), nullable=False),
        sa.Column("practising_since", sa.Date(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Float(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("code", name=op.f("uq_expert_code")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lasted_seconds", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_found_at"), "incident", ["found_at"], unique=False)
    op.create_index(op.f("ix_incident_kind"), "incident", ["kind"], unique=False)
    op.create_table(
        "pathway_version",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("specialty", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_pathway_version")),
    )
    op.create_index(op.f("ix_pathway_version_specialty"), "pathway_version", ["specialty"], unique=False)
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_digest", sa.String(length=64), nullable=False),
        sa.Column("identifiers", postgresql.JSONB(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("identity_digest", name=op.f("uq_patient_identity_digest")),
    )
    op.create_index(
        "ix_patient_words",
        "patient",
        [
            sa.literal_column(
                "(to_tsvector('simple'::regconfig, translate(lower((given_name::text || ' '::text) || family_name::text), 'áàäâãéèëêíìïîóòöôõúùüûñç-'::text, 'aaaaaeeeeiiiiooooouuuunc '::text)) || jsonb_to_tsvector('simple'::regconfig, identifiers, '[\"string\"]'::jsonb))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "payer_version",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_payer_version")),
    )
    op.create_index(op.f("ix_payer_version_payer"), "payer_version", ["payer"], unique=False)
    op.create_table(
        "rate_window",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_window")),
    )
    op.create_index(op.f("ix_rate_window_ends_at"), "rate_window", ["ends_at"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("password_is_temporary", sa.Boolean(), nullable=False),
        sa.Column("totp_sealed", sa.String(), nullable=False),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_index(op.f("ix_user_account_role"), "user_account", ["role"], unique=False)
    op.create_table(
        "api_credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("prefix", sa.String(length=24), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("jwk", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_api_credential_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_credential")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_credential_digest")),
    )
    op.create_index(op.f("ix_api_credential_client_id"), "api_credential", ["client_id"], unique=False)
    op.create_index(op.f("ix_api_credential_prefix"), "api_credential", ["prefix"], unique=False)
    op.create_table(
        "care_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("specialty", sa.String(length=20), nullable=False),
        sa.Column("pathway_hash", sa.String(length=64), nullable=False),
        sa.Column("jurisdiction", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("requester", sa.String(length=120), nullable=False),
        sa.Column("requester_email", sa.String(length=254), nullable=False),
        sa.Column("first_institution", sa.String(length=200), nullable=False),
        sa.Column("operating_site", sa.String(length=200), nullable=False),
        sa.Column("treating_practitioners", postgresql.JSONB(), nullable=False),
        sa.Column("planned_procedure", sa.String(length=64), nullable=False),
        sa.Column("procedure_on", sa.Date(), nullable=True),
        sa.Column("treatment_starts_on", sa.Date(), nullable=True),
        sa.Column("first_symptoms_on", sa.Date(), nullable=True),
        sa.Column("flags", postgresql.JSONB(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("finished_steps", postgresql.JSONB(), nullable=False),
        sa.Column("urgency", sa.String(length=2), nullable=True),
        sa.Column("triage", postgresql.JSONB(), nullable=False),
        sa.Column("extra_roles", postgresql.JSONB(), nullable=False),
        sa.Column("extended_clocks", postgresql.JSONB(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("hold_reason", sa.String(), nullable=False),
        sa.Column("hold_cause", sa.String(length=30), nullable=True),
        sa.Column("held_from", sa.String(length=30), nullable=True),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("documents_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flow_run_id", sa.Uuid(), nullable=True),
        sa.Column("run_attempt", sa.Integer(), nullable=False),
        sa.Column("seen_run_state_id", sa.Uuid(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wake_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_holder", sa.String(length=80), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("event_head", sa.String(length=64), nullable=False),
        sa.Column("change_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["pathway_hash"], ["pathway_version.hash"], name=op.f("fk_care_case_pathway_hash")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_care_case_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_care_case_reference")),
        sa.UniqueConstraint("request_digest", name=op.f("uq_care_case_request_digest")),
    )
    op.create_index(
        "ix_care_case_closed",
        "care_case",
        ["closed_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'closed'"),
    )
    op.create_index(
        "ix_care_case_failing",
        "care_case",
        ["status", "specialty"],
        unique=False,
        postgresql_where=sa.text("failures > 0"),
    )
    op.create_index(op.f("ix_care_case_flow_run_id"), "care_case", ["flow_run_id"], unique=False)
    op.create_index("ix_care_case_launched", "care_case", ["launched_at"], unique=False)
    op.create_index(
        "ix_care_case_leased",
        "care_case",
        ["lease_until"],
        unique=False,
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 16, "autosummarize": True},
    )
    op.create_index(
        "ix_care_case_marked",
        "care_case",
        ["wake_requested_at"],
        unique=False,
        postgresql_where=sa.text("wake_requested_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_care_case_next_deadline_at"), "care_case", ["next_deadline_at"], unique=False)
    op.create_index(
        "ix_care_case_on_hold",
        "care_case",
        ["hold_cause", "specialty"],
        unique=False,
        postgresql_where=sa.text("status = 'on_hold'"),
    )
    op.create_index(
        "ix_care_case_open_due",
        "care_case",
        [sa.literal_column("coalesce(report_due_at, 'infinity'::timestamptz)"), "id"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "ix_care_case_open_launched",
        "care_case",
        ["launched_at", "id"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "ix_care_case_open_overdue",
        "care_case",
        ["report_due_at"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "ix_care_case_open_stage",
        "care_case",
        ["status", "specialty"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "ix_care_case_open_urgency",
        "care_case",
        ["urgency", sa.literal_column("coalesce(report_due_at, 'infinity'::timestamptz)"), "id"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(
        "ix_care_case_open_waiting",
        "care_case",
        [sa.literal_column("coalesce(waiting_since, 'infinity'::timestamptz)"), "id"],
        unique=False,
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_index(op.f("ix_care_case_patient_id"), "care_case", ["patient_id"], unique=False)
    op.create_index(op.f("ix_care_case_payer"), "care_case", ["payer"], unique=False)
    op.create_index(op.f("ix_care_case_specialty"), "care_case", ["specialty"], unique=False)
    op.create_index(op.f("ix_care_case_status"), "care_case", ["status"], unique=False)
    op.create_index(
        "ix_care_case_words",
        "care_case",
        [
            sa.literal_column(
                "to_tsvector('simple'::regconfig, translate(lower((((((((((reference::text || ' '::text) || requester::text) || ' '::text) || payer::text) || ' '::text) || planned_procedure::text) || ' '::text) || first_institution::text) || ' '::text) || operating_site::text), 'áàäâãéèëêíìïîóòöôõúùüûñç-'::text, 'aaaaaeeeeiiiiooooouuuunc '::text))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "client_assertion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("jti", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_client_assertion_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_assertion")),
        sa.UniqueConstraint("client_id", "jti", name=op.f("uq_client_assertion_client_id_jti")),
    )
    op.create_index(op.f("ix_client_assertion_expires_at"), "client_assertion", ["expires_at"], unique=False)
    op.create_table(
        "idempotency_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("route", sa.String(length=300), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_status", sa.Integer(), nullable=True),
        sa.Column("response_headers", postgresql.JSONB(), nullable=False),
        sa.Column("response_body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_idempotency_record_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_record")),
        sa.UniqueConstraint("client_id", "key", name=op.f("uq_idempotency_record_client_id_key")),
    )
    op.create_index(op.f("ix_idempotency_record_expires_at"), "idempotency_record", ["expires_at"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_code_digest")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("event_types", postgresql.JSONB(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("previous_secret", sa.String(), nullable=False),
        sa.Column("previous_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("criteria", sa.String(length=500), nullable=False),
        sa.Column("payload", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_webhook_endpoint_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index(op.f("ix_webhook_endpoint_client_id"), "webhook_endpoint", ["client_id"], unique=False)
    op.create_index(op.f("ix_webhook_endpoint_payer"), "webhook_endpoint", ["payer"], unique=False)
    op.create_index(op.f("ix_webhook_endpoint_status"), "webhook_endpoint", ["status"], unique=False)
    op.create_table(
        "adjudication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("result", sa.String(length=30), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_adjudication_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjudication")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_adjudication_case_id_round")),
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("replaces_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(length=120), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_amendment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("case_id", "replaces_version", name=op.f("uq_amendment_case_id_replaces_version")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("blind_first", sa.Boolean(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("no_conflict_attested", sa.Boolean(), nullable=False),
        sa.Column("unblinded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_assignment_case_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_assignment_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_case_id"), "assignment", ["case_id"], unique=False)
    op.create_index(
        "ix_assignment_late",
        "assignment",
        ["expert_id", "status"],
        unique=False,
        postgresql_where=sa.text("end_reason like 'late:%%'"),
    )
    op.create_index(
        "ix_assignment_owed",
        "assignment",
        ["expert_id"],
        unique=False,
        postgresql_where=sa.text("status in ('requested', 'accepted', 'in-progress')"),
    )
    op.create_index("ix_assignment_record", "assignment", ["expert_id", "status"], unique=False)
    op.create_index(
        "uq_assignment_live_seat",
        "assignment",
        ["case_id", "role", "seat"],
        unique=True,
        postgresql_where=sa.text("status not in ('rejected', 'cancelled')"),
    )
    op.create_table(
        "candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("score_parts", postgresql.JSONB(), nullable=False),
        sa.Column("exclusions", postgresql.JSONB(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("considered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_candidate_case_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_candidate_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint(
            "case_id", "role", "round", "expert_id", name=op.f("uq_candidate_case_id_role_round_expert_id")
        ),
    )
    op.create_table(
        "case_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("source_sha256", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_case_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
    )
    op.create_index(op.f("ix_case_record_case_id"), "case_record", ["case_id"], unique=False)
    op.create_table(
        "chase_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_chase_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_record")),
        sa.UniqueConstraint("case_id", "subject", "rung", name=op.f("uq_chase_record_case_id_subject_rung")),
    )
    op.create_table(
        "clock_stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("stopped_by", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restarted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_clock_stop_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_stop")),
    )
    op.create_index(op.f("ix_clock_stop_case_id"), "clock_stop", ["case_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("loinc", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("source_sha1", sa.String(length=40), nullable=False),
        sa.Column("documented_on", sa.Date(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=True),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("study_uid", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("same_as", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("received_from", sa.String(), nullable=False),
        sa.Column("names_somebody_else", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_document_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_document_case_id_number")),
        sa.UniqueConstraint("case_id", "sha256", name=op.f("uq_document_case_id_sha256")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_event_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("case_id", "sequence", name=op.f("uq_event_case_id_sequence")),
    )
    op.create_table(
        "link_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("link_sha256", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_link_visit_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_visit")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_visit_token_hash")),
    )
    op.create_index(op.f("ix_link_visit_case_id"), "link_visit", ["case_id"], unique=False)
    op.create_index(op.f("ix_link_visit_subject_id"), "link_visit", ["subject_id"], unique=False)
    op.create_index(
        "uq_link_visit_opened",
        "link_visit",
        ["link_sha256"],
        unique=True,
        postgresql_where=sa.text("verified_at is not null"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("occasion", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_reference", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "case_id", "event", "recipient", "occasion", name=op.f("uq_message_case_id_event_recipient_occasion")
        ),
    )
    op.create_index("ix_message_due", "message", ["status", "due_at"], unique=False)
    op.create_index(
        "ix_message_reminded",
        "message",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("right(event, 8) = 'reminder' and status = 'sent'"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_question_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_question_case_id_number")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", postgresql.JSONB(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_report_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_report_case_id_version")),
        sa.UniqueConstraint("token", name=op.f("uq_report_token")),
    )
    op.create_index(op.f("ix_report_sha256"), "report", ["sha256"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("payer_reference", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("procedure_code", sa.String(length=64), nullable=False),
        sa.Column("procedure_system", sa.String(length=200), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("diagnosis_codes", postgresql.JSONB(), nullable=False),
        sa.Column("mandate", postgresql.JSONB(), nullable=False),
        sa.Column("payer_hash", sa.String(length=64), nullable=True),
        sa.Column("claim_identifier", sa.String(length=200), nullable=False),
        sa.Column("request_bundle", postgresql.JSONB(), nullable=True),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("clock", postgresql.JSONB(), nullable=False),
        sa.Column("certification", sa.String(length=30), nullable=False),
        sa.Column("certification_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_review_case_id")),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_review_client_id")),
        sa.ForeignKeyConstraint(["payer_hash"], ["payer_version.hash"], name=op.f("fk_review_payer_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("case_id", name=op.f("uq_review_case_id")),
        sa.UniqueConstraint("payer", "payer_reference", name=op.f("uq_review_payer_payer_reference")),
    )
    op.create_index(op.f("ix_review_claim_identifier"), "review", ["claim_identifier"], unique=False)
    op.create_index(op.f("ix_review_client_id"), "review", ["client_id"], unique=False)
    op.create_index("ix_review_page", "review", ["payer", "created_at", "id"], unique=False)
    op.create_table(
        "rights_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("right", sa.String(length=30), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extension", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_rights_request_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
    )
    op.create_index(op.f("ix_rights_request_case_id"), "rights_request", ["case_id"], unique=False)
    op.create_index(
        "ix_rights_request_due",
        "rights_request",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "uq_rights_request_unanswered",
        "rights_request",
        ["case_id", "right"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status_code", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_webhook_delivery_case_id")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_delivery_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("endpoint_id", "message_id", name=op.f("uq_webhook_delivery_endpoint_id_message_id")),
    )
    op.create_index(op.f("ix_webhook_delivery_case_id"), "webhook_delivery", ["case_id"], unique=False)
    op.create_index("ix_webhook_delivery_due", "webhook_delivery", ["status", "next_attempt_at"], unique=False)
    op.create_index("ix_webhook_delivery_page", "webhook_delivery", ["endpoint_id", "created_at", "id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_consent_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_consent_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("case_id", "purpose", name=op.f("uq_consent_case_id_purpose")),
    )
    op.create_table(
        "opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("edited_in", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_opinion_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_opinion_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("assignment_id", "version", name=op.f("uq_opinion_assignment_id_version")),
    )
    op.create_index(op.f("ix_opinion_case_id"), "opinion", ["case_id"], unique=False)
    op.create_table(
        "requirement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("obligation", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_requirement_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_requirement_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_requirement_case_id_key")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("loinc", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("expected_sha256", sa.String(length=64), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_upload_case_id")),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_upload_client_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_upload_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_case_id"), "upload", ["case_id"], unique=False)
    op.create_index(op.f("ix_upload_client_id"), "upload", ["client_id"], unique=False)
    op.create_index(op.f("ix_upload_expires_at"), "upload", ["expires_at"], unique=False)
    op.create_index(op.f("ix_upload_status"), "upload", ["status"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_upload_status"), table_name="upload")
    op.drop_index(op.f("ix_upload_expires_at"), table_name="upload")
    op.drop_index(op.f("ix_upload_client_id"), table_name="upload")
    op.drop_index(op.f("ix_upload_case_id"), table_name="upload")
    op.drop_table("upload")
    op.drop_table("requirement")
    op.drop_index(op.f("ix_opinion_case_id"), table_name="opinion")
    op.drop_table("opinion")
    op.drop_table("consent")
    op.drop_index("ix_webhook_delivery_page", table_name="webhook_delivery")
    op.drop_index("ix_webhook_delivery_due", table_name="webhook_delivery")
    op.drop_index(op.f("ix_webhook_delivery_case_id"), table_name="webhook_delivery")
    op.drop_table("webhook_delivery")
    op.drop_index(
        "uq_rights_request_unanswered", table_name="rights_request", postgresql_where=sa.text("answered_at IS NULL")
    )
    op.drop_index("ix_rights_request_due", table_name="rights_request", postgresql_where=sa.text("answered_at IS NULL"))
    op.drop_index(op.f("ix_rights_request_case_id"), table_name="rights_request")
    op.drop_table("rights_request")
    op.drop_index("ix_review_page", table_name="review")
    op.drop_index(op.f("ix_review_client_id"), table_name="review")
    op.drop_index(op.f("ix_review_claim_identifier"), table_name="review")
    op.drop_table("review")
    op.drop_index(op.f("ix_report_sha256"), table_name="report")
    op.drop_table("report")
    op.drop_table("question")
    op.drop_index(
        "ix_message_reminded",
        table_name="message",
        postgresql_where=sa.text("right(event, 8) = 'reminder' and status = 'sent'"),
    )
    op.drop_index("ix_message_due", table_name="message")
    op.drop_table("message")
    op.drop_index("uq_link_visit_opened", table_name="link_visit", postgresql_where=sa.text("verified_at is not null"))
    op.drop_index(op.f("ix_link_visit_subject_id"), table_name="link_visit")
    op.drop_index(op.f("ix_link_visit_case_id"), table_name="link_visit")
    op.drop_table("link_visit")
    op.drop_table("event")
    op.drop_table("document")
    op.drop_index(op.f("ix_clock_stop_case_id"), table_name="clock_stop")
    op.drop_table("clock_stop")
    op.drop_table("chase_record")
    op.drop_index(op.f("ix_case_record_case_id"), table_name="case_record")
    op.drop_table("case_record")
    op.drop_table("candidate")
    op.drop_index(
        "uq_assignment_live_seat",
        table_name="assignment",
        postgresql_where=sa.text("status not in ('rejected', 'cancelled')"),
    )
    op.drop_index("ix_assignment_record", table_name="assignment")
    op.drop_index(
        "ix_assignment_owed",
        table_name="assignment",
        postgresql_where=sa.text("status in ('requested', 'accepted', 'in-progress')"),
    )
    op.drop_index("ix_assignment_late", table_name="assignment", postgresql_where=sa.text("end_reason like 'late:%%'"))
    op.drop_index(op.f("ix_assignment_case_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("amendment")
    op.drop_table("adjudication")
    op.drop_index(op.f("ix_webhook_endpoint_status"), table_name="webhook_endpoint")
    op.drop_index(op.f("ix_webhook_endpoint_payer"), table_name="webhook_endpoint")
    op.drop_index(op.f("ix_webhook_endpoint_client_id"), table_name="webhook_endpoint")
    op.drop_table("webhook_endpoint")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_table("saved_view")
    op.drop_index(op.f("ix_recovery_code_user_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_idempotency_record_expires_at"), table_name="idempotency_record")
    op.drop_table("idempotency_record")
    op.drop_index(op.f("ix_client_assertion_expires_at"), table_name="client_assertion")
    op.drop_table("client_assertion")
    op.drop_index("ix_care_case_words", table_name="care_case", postgresql_using="gin")
    op.drop_index(op.f("ix_care_case_status"), table_name="care_case")
    op.drop_index(op.f("ix_care_case_specialty"), table_name="care_case")
    op.drop_index(op.f("ix_care_case_payer"), table_name="care_case")
    op.drop_index(op.f("ix_care_case_patient_id"), table_name="care_case")
    op.drop_index("ix_care_case_open_waiting", table_name="care_case", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_care_case_open_urgency", table_name="care_case", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_care_case_open_stage", table_name="care_case", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_care_case_open_overdue", table_name="care_case", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_care_case_open_launched", table_name="care_case", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_care_case_open_due", table_name="care_case", postgresql_where=sa.text("status <> 'closed'"))
    op.drop_index("ix_care_case_on_hold", table_name="care_case", postgresql_where=sa.text("status = 'on_hold'"))
    op.drop_index(op.f("ix_care_case_next_deadline_at"), table_name="care_case")
    op.drop_index(
        "ix_care_case_marked", table_name="care_case", postgresql_where=sa.text("wake_requested_at IS NOT NULL")
    )
    op.drop_index(
        "ix_care_case_leased",
        table_name="care_case",
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 16, "autosummarize": True},
    )
    op.drop_index("ix_care_case_launched", table_name="care_case")
    op.drop_index(op.f("ix_care_case_flow_run_id"), table_name="care_case")
    op.drop_index("ix_care_case_failing", table_name="care_case", postgresql_where=sa.text("failures > 0"))
    op.drop_index("ix_care_case_closed", table_name="care_case", postgresql_where=sa.text("status = 'closed'"))
    op.drop_table("care_case")
    op.drop_index(op.f("ix_api_credential_prefix"), table_name="api_credential")
    op.drop_index(op.f("ix_api_credential_client_id"), table_name="api_credential")
    op.drop_table("api_credential")
    op.drop_index(op.f("ix_user_account_role"), table_name="user_account")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_rate_window_ends_at"), table_name="rate_window")
    op.drop_table("rate_window")
    op.drop_index(op.f("ix_payer_version_payer"), table_name="payer_version")
    op.drop_table("payer_version")
    op.drop_index("ix_patient_words", table_name="patient", postgresql_using="gin")
    op.drop_table("patient")
    op.drop_index(op.f("ix_pathway_version_specialty"), table_name="pathway_version")
    op.drop_table("pathway_version")
    op.drop_index(op.f("ix_incident_kind"), table_name="incident")
    op.drop_index(op.f("ix_incident_found_at"), table_name="incident")
    op.drop_table("incident")
    op.drop_table("expert")
    op.drop_index(op.f("ix_api_client_payer"), table_name="api_client")
    op.drop_table("api_client")
