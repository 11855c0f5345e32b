"""The schema changes under phones that are sending: they wait or try again, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from server.db import db
from server.fieldsync import service
from sync.cursor import Mark, digest_space
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import Answer, Phone

Make = Callable[[str], Phone]
OPERATIONS = 12
MAX_TRIES = 40
TABLES = ("receipts", "entities", "ledger", "spaces", "devices")


def send_all(phone: Phone, item: str, told: list[Answer]) -> None:
    """One operation after another, each until it has an answer; a pull after each."""
    head, cursor = None, 0
    for n in range(OPERATIONS):
        op = phone.set(item, {"note": f"{phone.name} {n}"}, {"note": head})
        for _ in range(MAX_TRIES):
            answer = phone.push([op])
            if answer.status_code == 200:
                break
            assert answer.status_code in (500, 503), answer.get_json()
        told.append(answer.get_json()["results"][0])
        head = op["op"]
        phone.pull(limit=3)
        assert phone.cursor[phone.field.space] >= cursor
        cursor = phone.cursor[phone.field.space]


def migrate(app: Flask, number: int) -> None:
    """A column more on each table, in one transaction, as a migration does it. Where it meets the
    phones' transactions crosswise the database ends one of the two; then it is run again."""
    for _ in range(MAX_TRIES):
        try:
            with app.app_context(), db.engine.begin() as connection:
                for table in TABLES:
                    column = f"later_{number} INTEGER"
                    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column}"))
            return
        except OperationalError:
            continue
    raise AssertionError("the migration never came through")


@pytest.mark.proves("I1 I2 I5 I6 I11 I12 I13 I14 I21", "F32")
def test_columns_added_while_phones_send_lose_and_double_nothing(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, zhao = phone("wang"), phone("zhao")
    told: dict[str, list[Answer]] = {"wang": [], "zhao": []}
    failures: list[BaseException] = []

    def live(one: Phone, item: str) -> None:
        try:
            send_all(one, item, told[one.name])
        except BaseException as failure:
            failures.append(failure)

    threads = [
        threading.Thread(target=live, args=(wang, "PAX-01")),
        threading.Thread(target=live, args=(zhao, "mr/MR-01")),
    ]
    for thread in threads:
        thread.start()
    try:
        for number in range(3):
            migrate(app, number)
    finally:
        for thread in threads:
            thread.join()
    assert failures == []
    for one in (wang, zhao):
        first = [{**answer, "replay": True} for answer in told[one.name]]
        assert [answer["status"] for answer in first] == ["applied"] * OPERATIONS
        assert one.results() == first
        assert one.pull()["device"]["last_seq"] == OPERATIONS
    with app.app_context():
        assert service.verify_ledger() == []
        digest = db.session.execute(
            text("SELECT digest FROM spaces WHERE name = :name"), {"name": field.space}
        ).scalar()
    for one in (wang, zhao):
        own = [row for key, row in one.rows.items() if key.startswith(f"{field.space} ")]
        assert digest_space(Mark(row["t"], row["id"], row["seq"]) for row in own) == digest
