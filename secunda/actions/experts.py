"""Importing the directory of experts: all of it or nothing."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from models import Case, Expert
from models.status import CaseStatus
from secunda import cases, clock
from secunda.adapters.expert_directory import read_directory
from secunda.db import transaction


@dataclass(frozen=True)
class Imported:
    added: int
    changed: int
    unchanged: int


def import_experts(path: Path) -> Imported:
    """Add and update the experts of a CSV or YAML file by their code; raises BadInputError naming every wrong line.

    Cases that found nobody are looked at again.
    """
    listed = read_directory(path)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    with transaction() as session:
        known = {expert.code: expert for expert in session.exec(select(Expert))}
        for entry in listed:
            expert = known.get(entry.code)
            values = entry.model_dump(exclude={"id"})
            if expert is None:
                session.add(Expert(**values))
                counts["added"] += 1
            elif expert.model_dump(exclude={"id"}) != values:
                expert.sqlmodel_update(values)
                session.add(expert)
                counts["changed"] += 1
            else:
                counts["unchanged"] += 1
        for case in session.exec(select(Case).where(col(Case.status) == CaseStatus.AWAITING_PANEL)):
            cases.request_wake(session, case, clock.wall())
    return Imported(**counts)
