"""A run judged ahead of the locks, a run judged in memory under them, and the careful way, one
operation at a time, leave the same: every answer, row, ledger line, digest, receipt, proposal,
notice and incident."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from domain.errors import Fault
from server.db import db, scope_to
from server.fieldsync import proposals
from server.fieldsync.receiving import push as pushing
from server.fieldsync.receiving.groups import take_one_by_one
from server.fieldsync.service import push, verify_ledger
from sync.messages.push_request import parse_push_request
from tests.conftest import Clock, make_app
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Phone, never_ahead
from tests.integration.hostile.batches import (
    BATCHES,
    BROKEN_GROUP,
    LEFT_TO_CARE,
    NAMES,
    Maker,
    Sent,
)

AHEAD: dict[str, Any] = {}
SWIFT: dict[str, Any] = {"take_ahead": never_ahead}
CAREFUL: dict[str, Any] = {"take_ahead": never_ahead, "take_run": take_one_by_one}
TABLES = (
    "receipts", "ledger", "entities", "spaces", "devices", "proposals", "audit_events",
    "sheets", "inspections", "sheet_cosigners", "side_effects", "sheet_versions",
)  # fmt: skip
JSON_COLUMNS = {"outcome", "effect", "fields", "heads", "siblings", "payload", "details"}
STARTS = st.sampled_from(["open", "open", "entered"])
PROFILE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def raw() -> Iterator[sqlite3.Connection]:
    """The one connection to the database in memory."""
    with db.engine.connect() as connection:
        found: Any = connection.connection.driver_connection
        yield found


@dataclass
class World:
    """One application on SQLite in memory, and its state as files to begin from again."""

    app: Flask
    field: Field
    starts: dict[str, sqlite3.Connection]

    def begin(self, start: str) -> None:
        """Everything back to where it was."""
        db.session.remove()
        db.engine.dispose()
        with raw() as connection:
            self.starts[start].backup(connection)
        scope_to(self.field.jurisdiction_id)

    def keep(self, start: str) -> None:
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        with raw() as connection:
            connection.backup(kept)
        self.starts[start] = kept


@pytest.fixture(scope="module")
def world(sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    app = make_app("sqlite:///:memory:", tmp_path_factory.mktemp("home"), Clock())
    with app.app_context():
        empty = sqlite3.connect(sqlite_empty)
        with raw() as connection:
            empty.backup(connection)
        made = World(app, build_field(), {})
        for name in NAMES:
            Phone(app, made.field, name, f"dev_of_{name}")
        made.keep("open")
        lock_sheet(lambda name: Phone(app, made.field, name, f"dev_entering_{name}"))
        made.keep("entered")
        yield made
        db.session.remove()
        db.engine.dispose()


def send(
    world: World, batches: list[tuple[str, list[Sent]]], start: str, way: dict[str, Any]
) -> list[Any]:
    """What every push was answered and what stands in the tables afterwards."""
    world.begin(start)
    told: list[Any] = []
    names = count(1)  # a digest has the ids of proposals in it
    with (
        patch.multiple(pushing, **way) if way else nullcontext(),
        patch.object(proposals.secrets, "token_hex", lambda size: f"{next(names):0{2 * size}x}"),
    ):
        for name, ops in batches:
            body = {
                "proto": 1, "app": "1.0.0", "schema": 1, "device": f"dev_of_{name}",
                "epoch": world.field.epoch, "session": "s", "mono_ms": 1, "ops": ops,
                "sent_at": "2026-03-04T09:00:00.000+08:00",
            }  # fmt: skip
            try:
                told.append(push(world.field.actor(name), parse_push_request(body)))
            except Fault as refused:
                told.append([refused.code, dict(refused.details)])
    db.session.remove()
    return [told, {table: _dump(table) for table in TABLES}]


def _dump(table: str) -> list[dict[str, Any]]:
    rows = db.session.execute(text(f"SELECT rowid AS nth, * FROM {table}")).mappings()
    found = [{key: _read(key, value) for key, value in row.items()} for row in rows]
    if table == "entities":
        found.sort(key=lambda row: (row["space"], row["seq"], row["type"], row["nth"]))
        found = [{k: v for k, v in row.items() if k != "nth"} for row in found]
    return found


def _read(column: str, value: Any) -> Any:
    is_json = column in JSON_COLUMNS and isinstance(value, str) and value[:1] in "{["
    return json.loads(value) if is_json else value


def build(world: World, drawn: list[tuple[str, list[Sent]]]) -> list[tuple[str, list[Sent]]]:
    maker = Maker(world.field.space, world.field.officers)
    return [(name, [maker.make(name, shape) for shape in shapes]) for name, shapes in drawn]


def compare(world: World, drawn: list[tuple[str, list[Sent]]], start: str) -> None:
    batches = build(world, drawn)
    careful = send(world, batches, start, CAREFUL)
    for way in (SWIFT, AHEAD):
        quick = send(world, batches, start, way)
        for one, other in zip(quick[0], careful[0], strict=True):
            assert one == other
        for table in TABLES:
            assert quick[1][table] == careful[1][table], table
        assert verify_ledger() == []


@pytest.mark.proves("I11 I13 I21", "F26 F31")
@example(drawn=BROKEN_GROUP, start="open")
@example(drawn=LEFT_TO_CARE, start="open")
@settings(PROFILE, max_examples=10)
@given(drawn=BATCHES, start=STARTS)
def test_all_ways_leave_the_same(
    world: World, drawn: list[tuple[str, list[Sent]]], start: str
) -> None:
    compare(world, drawn, start)


@pytest.mark.soak
@pytest.mark.proves("I11 I13 I21", "F26 F31")
@settings(PROFILE, max_examples=400, derandomize=False)
@given(drawn=BATCHES, start=STARTS)
def test_all_ways_leave_the_same_in_hundreds_of_days(
    world: World, drawn: list[tuple[str, list[Sent]]], start: str
) -> None:
    compare(world, drawn, start)
