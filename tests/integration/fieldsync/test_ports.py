"""The ports' contract over the tables, and over what a run of operations keeps in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from server.db import scope_to, unit_of_work
from server.fieldsync.entities import write_effect
from server.fieldsync.receiving.loading import RunVisit
from server.fieldsync.spaces import lock_space
from server.fieldsync.visit import TeamRights, Visit, find_visit
from server.runtime import now
from sync.rows import Row
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import new_id
from tests.unit.sync.port_contract import (
    Ports,
    check_rights,
    check_rules,
    check_space,
    make_rows,
)

pytestmark = pytest.mark.both


@pytest.fixture
def visit(app: Flask, field: Field) -> Iterator[Visit]:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        yield open_visit(field)


def open_visit(field: Field) -> Visit:
    visit = find_visit(field.space)
    assert visit is not None
    return visit


def write(field: Field, rows: tuple[Row, ...]) -> None:
    """As an operation writes: under the space's lock, with a number and a ledger line."""
    with unit_of_work():
        space = lock_space(field.space)
        assert space is not None
        write_effect(space, new_id(), list(rows), open_visit(field).sheet_ids, now())


@pytest.mark.parametrize("check", [check_space, check_rules, check_rights])
def test_port_keeps_its_contract(
    field: Field, visit: Visit, check: Callable[[Ports], None]
) -> None:
    def make(opened: Visit) -> Ports:
        own, strangers = (TeamRights(field.actor(name), opened) for name in ("wang", "stranger"))
        return Ports(
            opened, opened, own, strangers,
            lambda rows: write(field, rows), lambda: make(open_visit(field)),
        )  # fmt: skip

    check(make(visit))


def test_revoked_person_may_do_nothing(field: Field, visit: Visit) -> None:
    rights = TeamRights(field.actor("wang"), visit, is_revoked=True)
    ports = Ports(visit, visit, TeamRights(field.actor("wang"), visit), rights, print, print)  # type: ignore[arg-type]
    check_rights(ports)


def test_run_in_memory_sees_the_rows_of_the_tables(field: Field, visit: Visit) -> None:
    rows = make_rows()
    write(field, rows)
    run = RunVisit(visit.inspection)
    for row in rows:
        assert run.find_row(row.id) == row == open_visit(field).find_row(row.id)
    assert run.find_row("answer:tr/PAX-03") is None
