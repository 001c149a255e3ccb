"""What the benchmarks measure with: a figure that is wrong here is wrong everywhere."""

import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from benchmarks import measuring, rows
from benchmarks.rows import Written

BURN = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass"
PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN.format(seconds=0.3)!r}])\ninput()"


def test_the_time_of_a_process_that_has_ended_is_counted() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE)
    try:
        until = time.monotonic() + 30
        while measuring.cpu({"it": parent.pid})["it"] < 0.3 or measuring.own_cpu(parent.pid) > 0.25:
            assert time.monotonic() < until, measuring.cpu({"it": parent.pid})
            time.sleep(0.05)
    finally:
        parent.communicate(b"\n")


def test_only_the_last_start_of_a_child_counts(tmp_path: Path) -> None:
    output = tmp_path / "up.log"
    lines = [
        '{"event": "change", "name": "worker", "state": "starting", "detail": "process 7"}',
        "a line that is not ours",
        '{"event": "change", "name": "worker", "state": "ready", "detail": "3.0 s"}',
        '{"event": "change", "name": "worker", "state": "starting", "detail": "process 9"}',
    ]
    output.write_text("\n".join(lines) + "\n" + '{"event": "change", "na', encoding="utf-8")
    assert measuring.started_groups(output) == {"worker": 9}


def test_a_backend_that_ends_moves_its_time_to_its_server_and_the_sum_stays_true() -> None:
    before = {"postgresql": 1.0, "postgresql (prefect)": 5.0}
    after = {"postgresql": 7.0, "postgresql (prefect)": 0.5}
    assert sum(measuring.difference(before, after).values()) == pytest.approx(1.5)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.5, 51.0), (0.99, 100.0), (1.0, 100.0)])
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert measuring.percentile([float(number) for number in range(100, 0, -1)], share) == expected


def test_the_rows_of_another_case_keep_their_ties_and_share_no_key() -> None:
    case, event, expert = uuid4(), uuid4(), uuid4()
    written = [
        Written("care_case", {"id": case, "reference": "SO-AAAA-BBBB", "request_digest": "a" * 64}, 10),
        Written("event", {"id": event, "case_id": case, "expert_id": expert}, 11),
    ]
    renumber = rows.renumbering(written)
    other_case, other_event = renumber(case), renumber(event)
    assert isinstance(other_case, UUID)
    assert len({case, event, other_case, other_event}) == 4
    assert renumber(case) == other_case
    assert renumber(expert) == expert  # shared by all cases
    assert renumber("SO-AAAA-BBBB") != "SO-AAAA-BBBB"


def test_rows_stand_in_the_transactions_that_wrote_them_and_the_case_comes_first() -> None:
    written = [
        Written("event", {"id": 1}, 11),
        Written("message", {"id": 2}, 30),
        Written("care_case", {"id": 3}, 40),
        Written("event", {"id": 4}, 30),
    ]
    groups = [[one.row["id"] for one in group] for group in rows.by_transaction(written)]
    assert groups == [[1, 3], [2, 4]]
