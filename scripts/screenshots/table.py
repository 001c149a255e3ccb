"""Every page that is pictured: a new page is a line here, or among what is no page with the reason.

`{…}` in an address is filled from the made-up caseload (`caseload.py`); whoever looks is one of its visitors.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Picture(NamedTuple):
    """`who`: a role, a kind of visitor with their case, or nobody."""

    name: str
    who: str
    address: str


NOBODY, COORDINATOR, OPS = "nobody", "coordinator", "ops"
PICTURES: Final = (
    Picture("sign-in", NOBODY, "/sign-in"),
    Picture("sign-in-code", "half signed in", "/sign-in/code"),
    Picture("sign-in-enrol", "newcomer", "/sign-in/enrol"),
    Picture("sign-in-password", "newcomer with a temporary password", "/sign-in/password"),
    Picture("about", NOBODY, "/about"),
    Picture("not-found", NOBODY, "/nothing-here"),
    Picture("report-check", NOBODY, "/v"),
    Picture("report-check-issued", NOBODY, "/v/{report_token}"),
    Picture("report-check-unknown", NOBODY, "/v/nothing-of-ours"),
    Picture("link-patient", NOBODY, "{patient_link}"),
    Picture("link-expert", NOBODY, "{expert_link}"),
    Picture("link-code", NOBODY, "{patient_link}/code"),
    Picture("link-expired", NOBODY, "{expired_link}"),
    Picture("link-not-valid", NOBODY, "/d/not-a-link"),
    Picture("come-in-again", NOBODY, "/patient/{rare}"),
    Picture("work-list-mine", COORDINATOR, "/cases"),
    Picture("work-list", COORDINATOR, "/cases?part=open"),
    Picture("work-list-closed", COORDINATOR, "/cases?part=closed"),
    Picture("work-list-nothing-found", COORDINATOR, "/cases?part=open&search=zzz"),
    Picture("case-collecting", COORDINATOR, "/cases/{oncology_reference}"),
    Picture("case-reading", COORDINATOR, "/cases/{cardiology_reference}"),
    Picture("case-clock-stopped", COORDINATOR, "/cases/{sclerosis_reference}"),
    Picture("case-at-the-board", COORDINATOR, "/cases/{disputed_reference}"),
    Picture("board", COORDINATOR, "/cases/{disputed_reference}/board"),
    Picture("case-on-hold", COORDINATOR, "/cases/{valve_reference}"),
    Picture("case-delivered", COORDINATOR, "/cases/{diabetes_reference}"),
    Picture("case-document", COORDINATOR, "/cases/{sclerosis_reference}/documents/{pictures}"),
    Picture("launch", COORDINATOR, "/launch"),
    Picture("launch-understood", COORDINATOR, "{draft}"),
    Picture("pathways", COORDINATOR, "/pathways"),
    Picture("pathway", COORDINATOR, "/pathways/cardiology"),
    Picture("pathway-compared", COORDINATOR, "/pathways/cardiology/compare/{older_pathway}"),
    Picture("overview", COORDINATOR, "/overview"),
    Picture("account", COORDINATOR, "/account"),
    Picture("ops-now", OPS, "/ops"),
    Picture("ops-backlog", OPS, "/ops/backlog"),
    Picture("ops-failures", OPS, "/ops/failures"),
    Picture("ops-repairs", OPS, "/ops/repairs"),
    Picture("ops-storage", OPS, "/ops/storage"),
    Picture("ops-case", OPS, "/ops/cases/{oncology_reference}"),
    Picture("expert-offer", "expert offered", "/expert/{offered}"),
    Picture("expert-case", "expert reading", "/expert/{reading}"),
    Picture("expert-document", "expert written", "/expert/{written}/documents/{pictures}"),
    Picture("expert-opinion-empty", "expert reading", "/expert/{reading}/opinion"),
    Picture("expert-sign-not-yet", "expert reading", "/expert/{reading}/sign"),
    Picture("expert-opinion-written", "expert written", "/expert/{written}/opinion"),
    Picture("expert-sign", "expert written", "/expert/{written}/sign"),
    Picture("expert-blind", "expert blind", "/expert/{blind}"),
    Picture("expert-blind-opinion", "expert blind", "/expert/{blind}/opinion"),
    Picture("expert-signed", "expert signed", "/expert/{signed}"),
    Picture("expert-correction", "expert corrected", "/expert/{corrected}"),
    Picture("expert-correction-opinion", "expert corrected", "/expert/{corrected}/opinion"),
    Picture("patient-begin", "patient rare", "/patient/{rare}"),
    Picture("patient-consent", "patient rare", "/patient/{rare}/consent"),
    Picture("patient-documents-none", "patient rare", "/patient/{rare}/documents"),
    Picture("patient-collecting", "patient oncology", "/patient/{oncology}"),
    Picture("patient-documents", "patient oncology", "/patient/{oncology}/documents"),
    Picture("patient-questions", "patient oncology", "/patient/{oncology}/questions"),
    Picture("patient-who-looked", "patient oncology", "/patient/{oncology}/who-looked"),
    Picture("patient-rights", "patient oncology", "/patient/{oncology}/rights"),
    Picture("patient-consent-given", "patient oncology", "/patient/{oncology}/consent"),
    Picture("patient-delivered", "patient diabetes", "/patient/{diabetes}"),
    Picture("patient-on-hold", "patient valve", "/patient/{valve}"),
    Picture("requester", "requester oncology", "/requester/{oncology}"),
    Picture("requester-documents", "requester oncology", "/requester/{oncology}/documents"),
    Picture("requester-delivered", "requester diabetes", "/requester/{diabetes}"),
)

FILE, ELSEWHERE, PREFECT = "a file", "it only leads elsewhere", "Prefect's own pages"
#: Addresses that people open and that show no page of ours.
NO_PAGE: Final[Mapping[str, str]] = {
    "/": ELSEWHERE,
    "/static/{digest}/{name}": FILE,
    "/sign-in/elsewhere": ELSEWHERE,
    "/sign-in/elsewhere/back": ELSEWHERE,
    "/cases/export.csv": FILE,
    "/cases/{reference}/documents/{number}/file": FILE,
    "/cases/{reference}/documents/{number}/frames/{frame}": FILE,
    "/cases/{reference}/report/{version}": FILE,
    "/pathways/{specialty}/drawing.svg": FILE,
    "/overview/{table}.csv": FILE,
    "/ops/cases": ELSEWHERE,
    "/ops/prefect": PREFECT,
    "/ops/prefect/ui-settings": PREFECT,
    "/ops/prefect/api/{rest:path}": PREFECT,
    "/ops/prefect/{rest:path}": PREFECT,
    "/expert/{subject}/documents/{number}/file": FILE,
    "/expert/{subject}/documents/{number}/frames/{frame}": FILE,
    "/expert/{subject}/preview": FILE,
    "/patient/{subject}/report": FILE,
    "/requester/{subject}/report": FILE,
}
