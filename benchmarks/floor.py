"""The floor: the rows that a case of W leaves, written again by bare inserts and commits, without engine or ORM."""

import time
from dataclasses import dataclass, field

import psycopg

import models
from benchmarks import measuring, rows
from benchmarks.installation import FLOOR, Installation
from benchmarks.measuring import Acts, Round, Yardsticks
from benchmarks.rows import Row, Written
from secunda import db

TURN = (
    "update care_case set status = %(status)s, finished_steps = %(finished_steps)s, event_count = %(event_count)s,"
    " event_head = %(event_head)s, next_deadline_at = %(next_deadline_at)s where id = %(id)s"
)
PART = f"{measuring.POSTGRESQL} ({FLOOR})"
FOREIGN_KEYS = "select conrelid::regclass::text as owner, conname as name from pg_constraint where contype = 'f'"


@dataclass
class Floor:
    """Rounds of the rows of one finished case, in as many transactions as wrote them, each turning the case's row."""

    system: Installation
    template: list[list[Written]]
    rounds: list[Round] = field(default_factory=list)

    @classmethod
    def of(cls, system: Installation, reference: str) -> "Floor":
        """Without foreign keys: a row that was changed later is written once, with what it said at last."""
        with rows.connect(db.engine()) as connection:
            written = rows.rows_of(connection, reference)
        engine = system.engine_of(FLOOR)
        models.metadata.create_all(engine)
        with rows.connect(engine) as connection:
            for key in connection.execute(FOREIGN_KEYS).fetchall():
                connection.execute(f"alter table {key['owner']} drop constraint {key['name']}")
        engine.dispose()
        return cls(system, rows.by_transaction(written))

    @property
    def size(self) -> tuple[int, int]:
        """Rows and transactions a case."""
        return sum(len(group) for group in self.template), len(self.template)

    def round(self, cases: int) -> Round:
        acts, yardsticks = Acts(), Yardsticks()
        with rows.connect(self.system.engine_of(FLOOR)) as connection:
            self._write_one(connection)  # prepares the statements
            before, begun = self._cpu(), time.monotonic()
            for _ in range(cases):
                with acts.counted():
                    self._write_one(connection)
                yardsticks.lay()
            wall = time.monotonic() - begun
            used = self._cpu() - before
        seconds = {"driver": acts.seconds, PART: used}
        self.rounds.append(Round(cases, wall, seconds, yardsticks.median))
        return self.rounds[-1]

    def _cpu(self) -> float:
        return measuring.cpu({measuring.POSTGRESQL: self.system.parts[measuring.POSTGRESQL]})[PART]

    def _write_one(self, connection: "psycopg.Connection[Row]") -> None:
        renumber = rows.renumbering([one for group in self.template for one in group])
        case: Row = {}
        for group in self.template:
            for one in group:
                row = {name: renumber(value) for name, value in one.row.items()}
                connection.execute(rows.insert(one.table, tuple(row)), row, prepare=True)
                case = row if one.table == "care_case" else case
            connection.execute(TURN, case, prepare=True)
            connection.commit()
