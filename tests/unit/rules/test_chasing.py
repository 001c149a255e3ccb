from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pathways.chasing import REMINDERS, due_rungs, next_rung_at, rungs
from pathways.schema import ChaseAction, ChaseStep
from tests.unit.rules.samples import SEVILLE, moments, utc

LADDER = tuple(
    ChaseStep.model_validate(step)
    for step in (
        {"at": "25 %", "do": "remind"},
        {"at": "50 %", "do": "remind"},
        {"at": "75 %", "do": "change_channel"},
        {"at": "90 %", "do": "remind"},
        {"at": "100 %", "do": "escalate", "to": "coordinator"},
        {"at": "20 days", "do": "escalate", "to": "medical_director"},
    )
)
START = utc(2026, 11, 2, 9)
DUE = START + timedelta(days=10)
NO_LIMIT = utc(2030, 1, 1)
steps = st.lists(
    st.builds(
        lambda percent, action: ChaseStep.model_validate({"at": f"{percent} %", "do": action}),
        st.integers(0, 150),
        st.sampled_from(ChaseAction),
    ),
    max_size=7,
)


def test_rungs_are_numbered_as_in_the_file_and_timed_by_share_or_span():
    ladder = rungs(LADDER, START, DUE, SEVILLE)
    assert [rung.number for rung in ladder] == [1, 2, 3, 4, 5, 6]
    assert ladder[0].at == START + timedelta(days=2.5)
    assert ladder[4].at == DUE
    assert ladder[5].at == START + timedelta(days=20)


def test_a_late_wake_up_sends_one_reminder_and_does_the_rest():
    now = due_rungs(rungs(LADDER, START, DUE, SEVILLE), set(), NO_LIMIT)
    assert [rung.number for rung in now.climb] == [4, 5, 6]
    assert [rung.number for rung in now.skip] == [1, 2, 3]


def test_a_reminder_on_another_channel_is_a_reminder_too():
    now = due_rungs(rungs(LADDER, START, DUE, SEVILLE), {1}, START + timedelta(days=8))
    assert [rung.action for rung in now.climb] == [ChaseAction.CHANGE_CHANNEL]
    assert [rung.number for rung in now.skip] == [2]


def test_an_expert_who_is_replaced_is_not_reminded_at_the_same_moment():
    written = ((50, "remind"), (75, "change_channel"), (90, "replace_expert"))
    ladder = [ChaseStep.model_validate({"at": f"{n} %", "do": do}) for n, do in written]
    now = due_rungs(rungs(ladder, START, DUE, SEVILLE), set(), NO_LIMIT)
    assert [rung.action for rung in now.climb] == [ChaseAction.REPLACE_EXPERT]
    assert [rung.number for rung in now.skip] == [1, 2]


def test_nothing_is_due_before_its_time():
    ladder = rungs(LADDER, START, DUE, SEVILLE)
    assert due_rungs(ladder, set(), START) == due_rungs((), set(), START)
    assert next_rung_at(ladder, set()) == ladder[0].at


@given(steps, moments, st.timedeltas(timedelta(0), timedelta(days=30)), st.sets(st.integers(1, 7)), st.floats(0, 2))
def test_what_is_climbed_and_skipped_is_everything_due_and_at_most_one_reminder(steps, start, length, climbed, share):
    ladder = rungs(steps, start, start + length, SEVILLE)
    now = start + length * share
    due = due_rungs(ladder, climbed, now)
    taken = {rung.number for rung in (*due.climb, *due.skip)}
    assert taken == {rung.number for rung in ladder if rung.at <= now} - climbed
    assert sum(rung.action in REMINDERS for rung in due.climb) <= 1
    assert all(rung.action in REMINDERS for rung in due.skip)
    after = due_rungs(ladder, climbed | taken, now)
    assert not after.climb and not after.skip
    upcoming = next_rung_at(ladder, climbed | taken)
    assert upcoming is None or upcoming > now


@given(steps, moments, st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_however_often_one_wakes_up_every_rung_is_settled_once(steps, start, hours):
    ladder, settled, now = rungs(steps, start, start + timedelta(days=3), SEVILLE), [], start
    for wait in (*hours, 24 * 30):
        now += timedelta(hours=wait)
        due = due_rungs(ladder, settled, now)
        settled += [rung.number for rung in (*due.climb, *due.skip)]
    assert sorted(settled) == [rung.number for rung in ladder]
