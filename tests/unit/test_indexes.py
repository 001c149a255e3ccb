"""Every index is written at each insertion: none may repeat what another one finds already."""

import pytest
from sqlalchemy import Table, UniqueConstraint

import models


@pytest.mark.parametrize("table", models.metadata.sorted_tables, ids=lambda table: table.name)
def test_no_plain_index_is_the_beginning_of_a_unique_one(table: Table) -> None:
    unique = [[column.name for column in one.columns] for one in table.constraints if isinstance(one, UniqueConstraint)]
    plain = [
        [column.name for column in one.columns]
        for one in table.indexes
        if not one.unique and one.dialect_options["postgresql"]["where"] is None and len(one.columns)
    ]
    assert [one for one in plain for other in unique if other[: len(one)] == one] == []
