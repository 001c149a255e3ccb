"""A hundred thousand open cases: copies of a real one by SQL, with names, stages and clocks of their own.

Synthetic: nobody launched or carried the copies, and they have no history and no papers. Real: the rows that a list,
its search and the overview read, with their sizes and indexes. Numbers decide everything: two runs have equal cases.
"""

from sqlalchemy import Engine, text

GIVEN = [
    "Ana",
    "Joan",
    "Núria",
    "Pere",
    "Marta",
    "Íñigo",
    "Lucía",
    "Jordi",
    "Begoña",
    "Antoni",
    "Clara",
    "Rosa",
    "Montserrat",
    "Pau",
    "Aitana",
    "Xavier",
]
FAMILY = [
    "García",
    "Vidal",
    "Ferrer",
    "Serra",
    "Puig",
    "Núñez",
    "Muñoz",
    "Ortega",
    "Casals",
    "Ribas",
    "Ramos",
    "Gil",
    "Etxeberria",
    "Lasa",
    "Iglesias",
    "Vega",
    "Soler",
    "Roca",
    "Costa",
    "Martí",
    "Bosch",
    "Pons",
    "Vila",
    "Riera",
    "Sala",
    "Mas",
    "Prat",
    "Camps",
    "Font",
    "Grau",
    "Torres",
    "Molina",
    "Delgado",
    "Castro",
    "Rubio",
    "Marín",
    "Sanz",
    "Navarro",
    "Domínguez",
    "Vázquez",
]
REQUESTERS = (
    "Hospital de Ponent",
    "Clínica del Mar",
    "Hospital Universitari de la Vall",
    "CAP Sant Martí",
    "Consorci Sanitari Central",
    "Hospital de la Ribera",
    "Centre Neurològic Provençana",
    "Hospital Infantil San Rafael",
)
STAGES = [
    "awaiting_consent",
    "awaiting_documents",
    "awaiting_documents",
    "awaiting_acceptance",
    "awaiting_opinions",
    "awaiting_opinions",
    "awaiting_opinions",
    "awaiting_opinions",
    "awaiting_documents",
    "awaiting_acceptance",
    "awaiting_opinions",
    "awaiting_documents",
    "awaiting_opinions",
    "awaiting_documents",
    "awaiting_acceptance",
    "awaiting_opinions",
    "awaiting_panel",
    "on_hold",
    "reporting",
    "awaiting_adjudication",
]
SPECIALTIES = ["oncology", "cardiology", "orthopedics", "neurology", "radiology", "rare_disease", "chronic_disease"]
PAYERS = ("", "", "mutua-norte", "asseguradora-u", "", "salut-plus")

PATIENTS = r"""
    insert into patient
    select made.* from generate_series(1, :patients) n, (select * from patient limit 1) one,
      lateral jsonb_populate_record(null::patient, to_jsonb(one) || jsonb_build_object(
        'id', md5('patient' || n)::uuid, 'identity_digest', md5('a' || n) || md5('b' || n),
        'given_name', (cast(:given as text[]))[1 + n % cardinality(cast(:given as text[]))],
        'family_name', (cast(:family as text[]))[1 + n / 7 % cardinality(cast(:family as text[]))] || ' '
                       || (cast(:family as text[]))[1 + n / 331 % cardinality(cast(:family as text[]))],
        'identifiers', jsonb_build_array(jsonb_build_object('system', 'https://example.org/cip', 'value', 'CIP' || n))
      )) made
"""
CASES = r"""
    insert into care_case
    select made.* from generate_series(1, :cases) n, (select * from care_case where reference = :template) one,
      lateral jsonb_populate_record(null::care_case, to_jsonb(one) || jsonb_build_object(
        'id', md5('case' || n)::uuid, 'patient_id', md5('patient' || 1 + n % :patients)::uuid,
        'reference', 'SO-' || upper(regexp_replace(lpad(to_hex(n * 2654435761 % 4294967296), 8, '0'), '(....)', '\1-')),
        'request_digest', md5('c' || n) || md5('d' || n), 'flow_run_id', md5('run' || n)::uuid,
        'status', (cast(:stages as text[]))[1 + hash(n, 1) % cardinality(cast(:stages as text[]))],
        'specialty', (cast(:specialties as text[]))[1 + hash(n, 2) % cardinality(cast(:specialties as text[]))],
        'requester', (cast(:requesters as text[]))[1 + hash(n, 3) % cardinality(cast(:requesters as text[]))],
        'payer', (cast(:payers as text[]))[1 + hash(n, 4) % cardinality(cast(:payers as text[]))],
        'urgency', (array['P1', 'P2', 'P2', 'P3', 'P3', 'P3'])[1 + hash(n, 5) % 6],
        'launched_at', now() - hash(n, 6) % 43200 * interval '1 minute',
        'waiting_since', now() - hash(n, 7) % 8640 * interval '1 minute',
        'next_deadline_at', now() + hash(n, 8) % 4320 * interval '1 minute',
        'report_due_at', now() + (hash(n, 9) % 20000 - 300) * interval '1 minute', 'wake_requested_at', null
      )) made
"""
REST = (
    """insert into requirement (id, case_id, key, obligation, status, reason, decided_by)
       select gen_random_uuid(), id, key, 'required', case when hash(n::int, 1) % 3 = 0 then 'pending'
              else 'received' end,
              '', '' from (select id, row_number() over () as n from care_case where request_digest like '%') one,
              unnest(array['referral', 'first_opinion', 'imaging_study', 'laboratory', 'medication']) key
        where not exists (select from requirement where case_id = one.id)""",
    """insert into assignment
       select made.* from (select id, row_number() over () as n from care_case where status in
                ('awaiting_acceptance', 'awaiting_opinions')
                and not exists (select from assignment where case_id = care_case.id)) one,
              generate_series(1, 2) place, (select * from assignment limit 1) template,
         lateral jsonb_populate_record(null::assignment, to_jsonb(template) || jsonb_build_object(
           'id', gen_random_uuid(), 'case_id', one.id, 'seat', place, 'role', 'reader',
           'status', case when hash(n::int, 2) % 2 = 0 then 'requested' else 'accepted' end)) made""",
    """insert into message
       select made.* from (select id, row_number() over () as n from care_case
                where not exists (select from message where case_id = care_case.id)) one,
              generate_series(1, 3) number, (select * from message limit 1) template,
         lateral jsonb_populate_record(null::message, to_jsonb(template) || jsonb_build_object(
           'id', gen_random_uuid(), 'case_id', one.id, 'occasion', number::text,
           'sent_at', now() - n % 10000 * interval '10 minutes',
           'event', case when number = 3 then 'documents_reminder' else 'documents_requested' end,
           'status', case when n % 997 = 0 and number = 2 then 'failed' else 'sent' end)) made""",
)


def fill(engine: Engine, template: str, cases: int, patients: int = 60_000) -> None:
    """Copy the case of that reference; the copies' patients, requirements, places and messages come with them."""
    arrays = {
        "given": GIVEN,
        "family": FAMILY,
        "stages": STAGES,
        "specialties": SPECIALTIES,
        "requesters": list(REQUESTERS),
        "payers": list(PAYERS),
    }
    values = {"template": template, "cases": cases, "patients": min(patients, cases), **arrays}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text(
                "create function pg_temp.hash(n int, salt int) returns int immutable language sql as"
                " $$ select abs(hashint4extended(n, salt) % 2147483647)::int $$"
            )
        )
        for statement in (PATIENTS, CASES, *REST):
            connection.execute(text(statement.replace("hash(", "pg_temp.hash(")), values)
        connection.execute(text("vacuum analyze"))
