"""The trail is as it was signed, or the entry that is not is named. Both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError

from domain.merkle import build_root
from server.audit import roots
from server.audit.copies import read_live
from server.audit.entries import EVENTS, read_entries
from server.audit.models import AuditEvent, AuditLeaf
from server.audit.roots import ensure_daily_root, find_last_root, list_roots, make_root
from server.audit.verifying import check_trail, read_keys
from server.custody.signing import parse_keys
from server.db import db, scope_to, unit_of_work
from server.runtime import now
from tests.apps import Clock
from tests.integration.audit.trail import live_two_days, past_all_guards, write
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import Phone

pytestmark = pytest.mark.both

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SAME = "jurisdiction_id, at, person_id, action, target, details, device_id"

# What somebody does to the database → the problems it must lead to. {a} to {e} are the events by
# id in order; the first three are covered by the first root, all by the second.
REACHES: dict[str, tuple[list[str], set[tuple[str, str | None]]]] = {
    "one letter of the deed": (
        ["UPDATE audit_events SET action = 'firm.status_changes' WHERE id = {b}"],
        {("entry.changed", "b")},
    ),
    "the person": (
        ["UPDATE audit_events SET person_id = {other} WHERE id = {e}"],
        {("entry.changed", "e")},
    ),
    "a moment, by a microsecond": (
        ["UPDATE audit_events SET at = '2026-03-04 01:00:00.000001{zone}' WHERE id = {a}"],
        {("entry.changed", "a")},
    ),
    "a blank in the details": (
        ["UPDATE audit_events SET details = '{{\"reason\":  \"第一天丙\", \"status\": \"closed\"}}'"
         " WHERE id = {c}"],
        {("entry.changed", "c")},
    ),
    "a phone": (
        ["UPDATE audit_events SET device_id = 'x' WHERE id = {d}"],
        {("entry.changed", "d")},
    ),
    "the event taken out": (
        ["DELETE FROM audit_events WHERE id = {b}"],
        {("entry.removed", "b")},
    ),
    "the event taken out with its place": (
        ["DELETE FROM audit_leaves WHERE event_id = {b}",
         "DELETE FROM audit_events WHERE id = {b}"],
        {("leaf.removed", None), ("root.differs", None)},
    ),
    "two events exchanged": (
        ["UPDATE audit_events SET id = -1 WHERE id = {a}",
         "UPDATE audit_events SET id = {a} WHERE id = {c}",
         "UPDATE audit_events SET id = {c} WHERE id = -1"],
        {("entry.swapped", "a"), ("entry.swapped", "c")},
    ),
    "two places exchanged": (
        ["UPDATE audit_leaves SET place = -1 WHERE event_id = {a}",
         "UPDATE audit_leaves SET place = 0 WHERE event_id = {b}",
         "UPDATE audit_leaves SET place = 1 WHERE event_id = {a}"],
        {("leaf.moved", "a"), ("leaf.moved", "b")},
    ),
    "a hash on record": (
        ["UPDATE audit_leaves SET hash = '{zeros}' WHERE event_id = {d}"],
        {("leaf.changed", "d")},
    ),
    "a hash that is none": (
        ["UPDATE audit_leaves SET hash = 'xyz' WHERE event_id = {a}"],
        {("leaf.changed", "a")},
    ),
    "an event slipped in before the last root": (
        ["INSERT INTO audit_events (" + SAME + ") SELECT " + SAME +
         " FROM audit_events WHERE id = {a}"],
        {("entry.added", "new")},
    ),
    "an event in another county": (
        ["UPDATE audit_events SET jurisdiction_id = 99 WHERE id = {b}"],
        {("entry.changed", "b"), ("entry.foreign", "b")},
    ),
    "a root's size": (
        ["UPDATE audit_roots SET size = 4 WHERE size = 5"],
        {("root.changed", None)},
    ),
    "a signature": (
        ["UPDATE audit_roots SET signature = '" + "A" * 86 + "' WHERE size = 5"],
        {("root.bad_signature", None)},
    ),
    "what was signed": (
        ["UPDATE audit_roots SET document = document || ' ' WHERE size = 3"],
        {("root.changed", None)},
    ),
    "what was signed, no JSON": (
        ["UPDATE audit_roots SET document = 'x' WHERE size = 3"],
        {("root.wrong_shape", None), ("root.changed", None), ("published.missing", None)},
    ),
    "the last root": (
        ["DELETE FROM audit_roots WHERE size = 5"],
        {("leaf.unsigned", "d"), ("leaf.unsigned", "e"), ("published.missing", None)},
    ),
    "everything of the second day": (
        ["DELETE FROM audit_roots WHERE size = 5",
         "DELETE FROM audit_leaves WHERE place >= 3",
         "DELETE FROM audit_events WHERE id IN ({d}, {e})"],
        {("published.missing", None)},
    ),
}  # fmt: skip


def problems(connection: Connection, published: dict[str, Any]) -> list[Any]:
    return check_trail(connection, parse_keys(published), [published]).problems


def test_every_reach_into_the_database_is_found_and_the_entry_named(
    app: Flask, field: Field, clock: Clock
) -> None:
    ids, published = live_two_days(app, field, clock)
    names: dict[int | None, str | None] = {None: None, **dict(zip(ids, "abcde", strict=True))}
    for what, (statements, expected) in REACHES.items():
        with past_all_guards(app) as connection:
            assert problems(connection, published) == [], what
            places = {
                **{letter: number for number, letter in names.items() if letter},
                "other": field.people["lead"],
                "zeros": "0" * 64,
                "zone": "" if connection.dialect.name == "sqlite" else "+00",
            }
            for one in statements:
                connection.exec_driver_sql(one.format(**places).replace("%", "%%"))
            told = {
                (one.code, names.get(one.event, "new")) for one in problems(connection, published)
            }
            if what == "what was signed":
                expected = expected | {("published.missing", None)}
            assert told == expected, what


def test_an_entry_rewritten_with_its_hash_is_narrowed_to_the_day(
    app: Flask, field: Field, clock: Clock
) -> None:
    ids, published = live_two_days(app, field, clock)
    with past_all_guards(app) as connection:
        connection.exec_driver_sql(
            f"UPDATE audit_events SET action = 'nothing.done' WHERE id = {ids[3]}"
        )
        (forged,) = read_entries(connection, EVENTS.id == ids[3])
        connection.exec_driver_sql(
            f"UPDATE audit_leaves SET hash = '{forged.leaf.hex()}' WHERE event_id = {ids[3]}"
        )
        (found,) = problems(connection, published)
    assert found.code == "root.differs"
    assert (found.more["first"], found.more["last"], found.more["later"]) == (3, 4, 0)


def test_a_quiet_days_root_is_missed_and_known_by_its_place(
    app: Flask, field: Field, clock: Clock
) -> None:
    """Three of them differ in nothing but their moments, and whoever checks has no list."""
    _ids, published = live_two_days(app, field, clock)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for _day in range(3):
            clock.advance(days=1)
            make_root(field.jurisdiction_id)
        assert [one.size for one in list_roots(field.jurisdiction_id)] == [3, 5, 5, 5, 5]
    for statements, expected in (
        (["DELETE FROM audit_roots WHERE id = 4"], {"root.removed"}),
        (["UPDATE audit_roots SET id = 6 WHERE id = 5"], {"root.removed"}),
        (["UPDATE audit_roots SET id = 9 WHERE id = 4",
          "UPDATE audit_roots SET id = 4 WHERE id = 5",
          "UPDATE audit_roots SET id = 5 WHERE id = 9"], {"root.out_of_order"}),
    ):  # fmt: skip
        with past_all_guards(app) as connection:
            for one in statements:
                connection.exec_driver_sql(one)
            found = check_trail(connection, parse_keys(published)).problems
        assert {one.code for one in found} == expected, statements


def test_a_root_signed_by_another_key_is_none_of_ours(
    app: Flask, field: Field, clock: Clock
) -> None:
    _ids, published = live_two_days(app, field, clock)
    with past_all_guards(app) as connection:
        assert problems(connection, published) == []
        found = check_trail(connection, {}, []).problems
    assert {one.code for one in found} == {"root.unknown_key"}


def test_what_was_signed_stays_when_more_is_done_and_waits_for_the_next_root(
    app: Flask, field: Field, clock: Clock
) -> None:
    ids, published = live_two_days(app, field, clock)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        write(field, "之后")
        with read_live() as live:
            report = check_trail(live, read_keys(live), [published])
    assert (report.problems, report.waiting, report.entries) == ([], 1, len(ids))
    assert (report.roots, report.published) == (2, 2)


def test_one_root_a_day_is_made_by_whoever_asks_first(
    app: Flask, field: Field, clock: Clock
) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert ensure_daily_root(field.jurisdiction_id) is None
        write(field, "一")
        first = ensure_daily_root(field.jurisdiction_id)
        write(field, "二")
        again = ensure_daily_root(field.jurisdiction_id)
        assert first is not None and again is not None and first.id == again.id
        clock.advance(hours=15)  # 00:00 at the site, still the same day in UTC
        next_day = ensure_daily_root(field.jurisdiction_id)
        assert next_day is not None and (next_day.size, next_day.previous) == (2, first.root)
        clock.advance(days=1)
        quiet = ensure_daily_root(field.jurisdiction_id)
        assert quiet is not None and (quiet.root, quiet.size) == (next_day.root, 2)
        assert make_root(field.jurisdiction_id).id == quiet.id


def test_no_statement_changes_a_place_or_a_root(app: Flask, field: Field, clock: Clock) -> None:
    live_two_days(app, field, clock)
    with app.app_context():
        engine = create_engine(db.engine.url)
        is_sqlite = engine.dialect.name == "sqlite"
    statements = [
        "UPDATE audit_leaves SET hash = ''", "DELETE FROM audit_leaves",
        "UPDATE audit_roots SET signature = ''", "DELETE FROM audit_roots",
    ]  # fmt: skip
    if is_sqlite:
        statements += [
            "INSERT OR REPLACE INTO audit_leaves SELECT * FROM audit_leaves",
            "INSERT OR REPLACE INTO audit_leaves (event_id, jurisdiction_id, place, hash)"
            " SELECT 9999, jurisdiction_id, place, hash FROM audit_leaves",
            "INSERT OR REPLACE INTO audit_roots SELECT * FROM audit_roots",
        ]
    else:
        statements += ["TRUNCATE audit_leaves", "TRUNCATE audit_roots"]
    for one in statements:
        with engine.connect() as connection:
            with pytest.raises(DBAPIError, match="append_only"):
                connection.exec_driver_sql(one)
            connection.rollback()
    engine.dispose()


def test_an_event_says_on_which_phone_it_was_done(
    app: Flask, field: Field, phone: Callable[[str], Phone]
) -> None:
    wang = phone("wang")
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.action == "session.opened")
        scope_to(field.jurisdiction_id)
        before = db.session.scalars(query).all()
    wang.queue.clear()
    op = wang.set("PAX-01", {"value": "pass"})
    wang.result(op)
    twisted = {**op, "fields": {"value": "fail"}}
    assert wang.result(twisted)["error"]["code"] == "op.id_reuse"
    with app.app_context():
        scope_to(field.jurisdiction_id)
        told = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "op.id_reuse")
        ).one()
        assert told.device_id == wang.device
        write(field, "在办公室")
        assert db.session.get_one(AuditEvent, told.id + 1).device_id is None
    assert before


@ON_POSTGRESQL
def test_an_event_that_commits_late_gets_a_later_place(app: Flask, field: Field) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        slow = create_engine(db.engine.url)
        at = now()
        with slow.connect() as connection:
            early = connection.execute(
                insert(AuditEvent).values(
                    jurisdiction_id=field.jurisdiction_id, at=at, action="import.received",
                    target="", details={},
                )
            ).inserted_primary_key[0]  # fmt: skip
            late = write(field, "先提交")
            assert early < late
            first = make_root(field.jurisdiction_id)
            assert first.size == 1
            connection.commit()
        slow.dispose()
        second = make_root(field.jurisdiction_id)
        query = select(AuditLeaf).order_by(AuditLeaf.place)
        leaves = db.session.scalars(query).all()
        assert [one.event_id for one in leaves] == [late, early]
        assert second.size == 2 and second.previous == first.root
        assert build_root([bytes.fromhex(leaves[0].hash)]).hex() == first.root
        with read_live() as live:
            assert check_trail(live, read_keys(live)).problems == []


def test_two_who_ask_at_once_give_every_event_one_place(
    app: Flask, field: Field, clock: Clock
) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for number in range(5):
            write(field, str(number))
        make_root(field.jurisdiction_id)
        for number in range(5):
            write(field, str(number))
    clock.advance(days=1)
    gate, faults = threading.Barrier(2), []

    def ask() -> None:
        with app.app_context():
            try:
                gate.wait()
                ensure_daily_root(field.jurisdiction_id)
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with app.app_context():
        scope_to(field.jurisdiction_id)
        assert faults == []
        assert [one.size for one in list_roots(field.jurisdiction_id)] == [5, 10]
        places = db.session.scalars(select(AuditLeaf.place).order_by(AuditLeaf.place)).all()
        assert list(places) == list(range(10))
        with read_live() as live:
            assert check_trail(live, read_keys(live)).problems == []


def test_of_a_backlog_several_roots_are_made_and_a_writer_gets_in_between(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roots, "MOST_AT_ONCE", 3)
    faults: list[BaseException] = []
    keep, between = roots.keep_leaves, list[str]()

    def somebody_writes() -> None:
        try:
            with app.app_context():
                scope_to(field.jurisdiction_id)
                write(field, f"其间 {len(between)}")
        except BaseException as error:
            faults.append(error)

    def keep_and_let_in(*told: Any) -> None:
        keep(*told)
        if len(between) < 2:  # another connection, that waits for whoever holds the turn to write
            between.append("written")
            thread = threading.Thread(target=somebody_writes)
            thread.start()
            thread.join()

    monkeypatch.setattr(roots, "keep_leaves", keep_and_let_in)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for number in range(7):
            write(field, str(number))
        assert make_root(field.jurisdiction_id).size == 9
        assert faults == []
        assert [one.size for one in list_roots(field.jurisdiction_id)] == [3, 6, 9]
        with read_live() as live:
            report = check_trail(live, read_keys(live))
        assert (report.problems, report.waiting, report.roots) == ([], 0, 3)


def test_who_only_looks_makes_one_root_of_a_backlog_and_the_next_goes_on(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roots, "MOST_AT_ONCE", 3)
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for number in range(7):
            write(field, str(number))
        sizes = []
        for _ in range(4):
            found = ensure_daily_root(field.jurisdiction_id)
            sizes.append(found.size if found else 0)
        assert sizes == [3, 6, 7, 7]


def test_each_county_has_a_tree_of_its_own(app: Flask, field: Field) -> None:
    from server.accounts.models import Jurisdiction

    with app.app_context():
        with unit_of_work() as work:
            other = Jurisdiction(code="000009", name="别县", settings={})
            work.add(other)
            work.flush()
            work.add(AuditEvent(jurisdiction_id=other.id, at=now(), action="x.y", details={}))
        write(field, "本县")
        assert make_root(other.id).size == make_root(field.jurisdiction_id).size == 1
        roots = {find_last_root(one).root for one in (other.id, field.jurisdiction_id)}  # type: ignore[union-attr]
        assert len(roots) == 2
        with read_live() as live:
            assert check_trail(live, read_keys(live)).problems == []
        assert db.session.execute(text("SELECT count(*) FROM audit_leaves")).scalar() == 2
