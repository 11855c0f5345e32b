"""Slow transactions beside fast ones on real PostgreSQL (F28): 8 writers, 4 readers, commits that
take 0–20 ms. A cursor over a bare sequence skips rows; ours does not (I6)."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import event, select

from server.db import db
from server.fieldsync.models import Entity
from server.fieldsync.service import verify_ledger
from tests.faults.servers import County
from tests.integration.fieldsync.day import sign
from tests.integration.fieldsync.phone import Phone

WRITERS, READERS = 8, 4


@pytest.mark.proves("I5 I6 I14", "F28")
@pytest.mark.parametrize(
    "rounds", [3, pytest.param(150, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_no_reader_skips_a_row_where_a_bare_sequence_does(
    make_county: Callable[[str], County], rounds: int
) -> None:
    county = make_county("postgresql")
    with county.app.app_context():
        event.listen(db.engine, "commit", lambda _c: time.sleep(random.random() * 0.02))
    names = ("wang", "li")
    phones = [Phone(county.app, county.field, names[n % 2]) for n in range(WRITERS)]
    readers = [Phone(county.app, county.field, "zhao") for _ in range(READERS)]
    done = threading.Event()

    def write(phone: Phone, writer: int) -> None:
        for number in range(rounds):
            made = [sign(phone, "firm", f"经理{writer}-{number}-{n}") for n in range(2)]
            assert {one["status"] for one in phone.results(made)} == {"applied"}

    def read(phone: Phone) -> None:
        is_last = False
        while not is_last:
            is_last = done.is_set()  # one more look after the last writer was answered
            before = phone.cursor.get(county.field.space, 0)
            phone.pull()
            assert phone.cursor.get(county.field.space, 0) >= before

    toy = threading.Thread(target=lambda: skipped.extend(toy_sequence(county, rounds)))
    skipped: list[int] = []
    toy.start()
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        reading = [pool.submit(read, phone) for phone in readers]
        writing = [pool.submit(write, phone, n) for n, phone in enumerate(phones)]
        for one in writing:
            one.result()
        done.set()
        for one in reading:
            one.result()
    toy.join()

    with county.looking():
        rows = db.session.scalars(select(Entity).where(Entity.space == county.field.space)).all()
        stored = {row.id: row.seq for row in rows}
        assert verify_ledger() == []
    assert len([name for name in stored if name.startswith("signature:")]) == 2 * WRITERS * rounds
    for phone in readers:
        prefix = f"{county.field.space} "
        seen = {k.removeprefix(prefix): row["seq"] for k, row in phone.rows.items()
                if k.startswith(prefix)}  # fmt: skip
        assert seen == stored
    assert sum(skipped) > 0, "the toy must skip, or this test looks at nothing"


def toy_sequence(county: County, rounds: int) -> list[int]:
    """The same readers and writers over ``id bigserial``: rows each reader never saw. One writer
    commits its first row only when somebody has read a later one, as a slow phone would."""
    dsn = county.database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(dsn, autocommit=True) as line:
        line.execute("CREATE TABLE toy (id bigserial PRIMARY KEY)")
    first, overtaken, done = threading.Event(), threading.Event(), threading.Event()

    def write(writer: int) -> None:
        with psycopg.connect(dsn) as line:
            for number in range(rounds):
                if writer:
                    first.wait(30)
                line.execute("INSERT INTO toy DEFAULT VALUES")
                if writer == number == 0:
                    first.set()
                    assert overtaken.wait(30)
                time.sleep(random.random() * 0.02)
                line.commit()

    def read() -> int:
        seen, cursor, is_last = 0, 0, False
        with psycopg.connect(dsn, autocommit=True) as line:
            while not is_last:
                is_last = done.is_set()
                query = "SELECT id FROM toy WHERE id > %s ORDER BY id"
                found = [number for (number,) in line.execute(query, [cursor])]
                seen, cursor = seen + len(found), max([cursor, *found])
                if cursor > 1:
                    overtaken.set()
                time.sleep(0.005)
        return WRITERS * rounds - seen

    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        reading = [pool.submit(read) for _ in range(READERS)]
        for one in [pool.submit(write, n) for n in range(WRITERS)]:
            one.result()
        done.set()
        return [one.result() for one in reading]
