"""What moving a case to another version changes, and each thing that stands in the way."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pathways import loader
from pathways.deadlines import Wait
from pathways.facts import CaseFacts
from pathways.moving import OpenWait, Situation, TakenSeat, case_difference
from pathways.obstacles import OBSTACLES, obstacles
from pathways.requirements import ReceivedDocument
from pathways.schema import Pathway
from pathways.vocabulary import Urgency
from tests.unit.rules.samples import SEVILLE, a_pathway, text, utc

NOW = utc(2026, 11, 20, 9)
Edit = Callable[[dict[str, Any]], object]


def version(change: Edit = lambda content: None) -> Pathway:
    content = copy.deepcopy(loader.content(a_pathway()))
    change(content)
    return Pathway.model_validate(content)


def a_situation(**values: Any) -> Situation:
    return Situation(**{"facts": CaseFacts(), "now": NOW, "today": NOW.date(), "calendar": SEVILLE, **values})


def taken(role: str = "surgeon", **values: Any) -> TakenSeat:
    return TakenSeat(**{"role": role, "seat": 1, "expert_reads": (role,), **values})


def a_wait(wait: Wait = Wait.CONSENT, **values: Any) -> OpenWait:
    since = NOW - timedelta(days=4)
    due = {"due_before": since + timedelta(days=7), "due_after": since + timedelta(days=7)}
    return OpenWait(**{"wait": wait, "about": wait.value, "since": since, **due, **values})


def a_document(key: str, **values: Any) -> dict[str, Any]:
    return {"key": key, "title": text(key), "loinc": ["11524-6"], **values}


def reasons(change: Edit, now: Situation | None = None) -> tuple[str, ...]:
    return obstacles(version(), version(change), now or a_situation())


def role(content: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in content["panel"]["roles"] if one["key"] == key)
    return found


def test_a_case_notices_what_its_facts_call_for_and_nothing_else() -> None:
    def change(content: dict[str, Any]) -> None:
        content["documents"] += [a_document("ecg"), a_document("birth_weight", when="age < 1")]
        content["documents"][0]["maximum_age"] = "30 days"
        content["triage"]["rules"] = [{"key": "grown", "when": "age > 40", "urgency": "P2", "reason": text("grown")}]
        content["panel"]["roles"] = [one for one in content["panel"]["roles"] if one["key"] != "imager"]
        role(content, "physiatrist")["seats"] = 2
        content["report"]["sections"] = content["report"]["sections"][1:]
        content["report"]["sections"][0]["required"] = False

    found = case_difference(version(), version(change), a_situation())
    assert (found.documents.added, found.documents.dropped, found.documents.changed) == (("ecg",), (), ("consent",))
    assert (found.seats.added, found.seats.dropped) == (("physiatrist/2",), ("imager",))
    assert (found.sections.dropped, found.sections.changed) == (("reasoning",), ("care",))
    assert (found.urgency_before, found.urgency_after) == (Urgency.P3, Urgency.P2)


def test_a_version_that_says_the_same_is_not_noticed() -> None:
    now = a_situation(seats=(taken(signed=True),), waits=(a_wait(),), file_complete=True)
    found = case_difference(version(), version(), now)
    assert not (found.documents or found.seats or found.sections or found.at_once)
    assert reasons(lambda content: None, now) == ()


def test_what_a_shorter_deadline_makes_due_at_once_is_told() -> None:
    ladder = [{"at": "50 %", "do": "remind"}, {"at": "100 %", "do": "escalate", "to": "coordinator"}]

    def change(content: dict[str, Any]) -> None:
        content["chase"]["consent"] = ladder

    shorter = a_wait(due_after=NOW - timedelta(hours=1))
    climbed = shorter.model_copy(update={"climbed": frozenset({1})})
    both = version(change)
    for wait, told in (
        (a_wait(), ("remind: consent",)),
        (shorter, ("remind: consent", "escalate: consent")),
        (climbed, ("escalate: consent",)),
    ):
        assert case_difference(both, both, a_situation(waits=(wait,))).at_once == told


def emergency(content: dict[str, Any]) -> None:
    content["triage"]["rules"] = [{"key": "flag", "when": "age > 40", "urgency": "P0", "reason": text("x")}]


def drop_the_imager(content: dict[str, Any]) -> None:
    content["panel"]["roles"] = [one for one in content["panel"]["roles"] if one["key"] != "imager"]


def read_otherwise(content: dict[str, Any]) -> None:
    role(content, "imager")["subspecialties"] = ["neuroradiology"]


def call_the_imager_for_children_only(content: dict[str, Any]) -> None:
    role(content, "imager")["when"] = "age < 18"


def ask_for_an_ecg(content: dict[str, Any]) -> None:
    content["documents"].append(a_document("ecg"))


def wish_for_an_ecg(content: dict[str, Any]) -> None:
    content["documents"].append(a_document("ecg", obligation="recommended"))


def insist_on_consent(content: dict[str, Any]) -> None:
    content["documents"][0]["obligation"] = "mandatory"


def decide_by_majority(content: dict[str, Any]) -> None:
    content["panel"]["adjudication"] = "majority"


def forget_a_guideline(content: dict[str, Any]) -> None:
    content["report"]["guidelines"] = content["report"]["guidelines"][:1]


def learn_a_guideline(content: dict[str, Any]) -> None:
    content["report"]["guidelines"].append({"key": "AAOS", "name": "AAOS", "levels": ["strong"]})


def ask_the_surgeon_for_more(content: dict[str, Any]) -> None:
    content["report"]["sections"].append({"key": "prognosis", "title": text("Prognosis"), "written_by": ["surgeon"]})


def ask_the_imager_for_more(content: dict[str, Any]) -> None:
    content["report"]["sections"].append({"key": "images", "title": text("Images"), "written_by": ["imager"]})


def remind_sooner(content: dict[str, Any]) -> None:
    content["chase"]["consent"] = [{"at": "10 %", "do": "remind"}, {"at": "50 %", "do": "remind"}]


def replace_soon(content: dict[str, Any]) -> None:
    content["chase"]["opinion"] = [{"at": "10 %", "do": "replace_expert"}]


def nothing(content: dict[str, Any]) -> None:
    """The same again."""


ECG = ReceivedDocument(id="1", loinc="11524-6", documented_on=NOW.date())
SIGNED = a_situation(seats=(taken(signed=True), taken("physiatrist"), taken("imager")))

FORBIDDEN: list[tuple[Edit, Situation, str]] = [
    (emergency, a_situation(), "emergency"),
    (nothing, a_situation(facts=CaseFacts(flags=("left_main",))), "“left_main” is marked"),
    (drop_the_imager, a_situation(extra_roles=("imager",)), "role imager was called"),
    (drop_the_imager, a_situation(seats=(taken("imager"),)), "place imager has an expert"),
    (nothing, a_situation(seats=(taken("imager", seat=2),)), "place imager/2 has an expert"),
    (read_otherwise, a_situation(seats=(taken("imager"),)), "none of the subspecialties"),
    (ask_for_an_ecg, a_situation(file_complete=True), "document ecg would be asked for"),
    (insist_on_consent, a_situation(given_up=("consent",)), "consent was given up"),
    (decide_by_majority, SIGNED, "by another rule"),
    (forget_a_guideline, SIGNED, "may cite NICE"),
    (ask_the_surgeon_for_more, SIGNED, "opinion of surgeon is signed"),
    (remind_sooner, a_situation(waits=(a_wait(climbed={1}),)), "reminders for consent have begun"),
    (replace_soon, a_situation(waits=(a_wait(Wait.OPINION),)), "replaced the moment"),
]
ALLOWED: list[tuple[Edit, Situation]] = [
    (emergency, a_situation(facts=CaseFacts(age=30))),
    (drop_the_imager, a_situation(seats=(taken("surgeon"),))),
    (read_otherwise, a_situation(seats=(taken("imager", expert_reads=("neuroradiology", "imager")),))),
    (call_the_imager_for_children_only, a_situation(seats=(taken("imager"),))),  # who holds a place keeps it
    (ask_for_an_ecg, a_situation()),
    (ask_for_an_ecg, a_situation(file_complete=True, received=(ECG,))),
    (wish_for_an_ecg, a_situation(file_complete=True)),
    (decide_by_majority, a_situation(seats=(taken(),))),
    (learn_a_guideline, SIGNED),
    (ask_the_imager_for_more, SIGNED),
    (remind_sooner, a_situation(waits=(a_wait(),))),
    (replace_soon, a_situation(waits=(a_wait(Wait.ACCEPTANCE),))),
]


@pytest.mark.parametrize(("change", "now", "told"), FORBIDDEN, ids=[told for _, _, told in FORBIDDEN])
def test_what_stands_in_the_way_is_said_in_a_sentence(change: Edit, now: Situation, told: str) -> None:
    (reason,) = reasons(change, now)
    assert told in reason
    assert reason.endswith(".")


@pytest.mark.parametrize(("change", "now"), ALLOWED)
def test_what_takes_nothing_back_stands_not_in_the_way(change: Edit, now: Situation) -> None:
    assert reasons(change, now) == ()


def test_every_obstacle_has_its_case_above() -> None:
    told = {
        rule.__name__
        for change, now, _ in FORBIDDEN
        for rule in OBSTACLES
        if list(rule(version(), version(change), now))
    }
    assert told == {rule.__name__ for rule in OBSTACLES}
