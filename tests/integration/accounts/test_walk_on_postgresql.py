"""The walk of one role on PostgreSQL: the same rows, the same answers, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from server.backups.copying import fill_schema, open_file
from server.db import Base, db, engine_options
from tests.databases import Run
from tests.integration.accounts import test_every_deed, test_every_record
from tests.integration.accounts.kept import Kept
from tests.integration.accounts.walking import DATABASE, Counties

NAME = "mr office_staff"
WRITTEN = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"


class KeptThere(Kept):
    """A database of PostgreSQL as it is now, kept as another one."""

    def __init__(self, app: Flask, url: str, run: Run) -> None:
        self._app, self._run, self._url = app, run, url
        self._name = str(make_url(url).database)
        self._leave()
        run(f"CREATE DATABASE {self._name}_kept TEMPLATE {self._name}")
        self._seen, self._rows = self._version(), self._fingerprint()

    def has_changed(self) -> bool:
        """A number is also given to what was rolled back: then the rows are looked at."""
        if self._version() == self._seen:
            return False
        if is_same := self._fingerprint() == self._rows:
            self._seen = self._version()
        return not is_same

    def put_back(self) -> None:
        if self.has_changed():
            self._leave()
            self._run(f"DROP DATABASE {self._name} WITH (FORCE)")
            self._run(f"CREATE DATABASE {self._name} TEMPLATE {self._name}_kept")
            self._seen = self._version()

    def close(self) -> None:
        self._leave()
        self._run(f"DROP DATABASE {self._name}_kept WITH (FORCE)")

    def _version(self) -> int:
        (found,) = self._run(WRITTEN).fetchone()  # type: ignore[attr-defined]
        return int(found)

    def _fingerprint(self) -> list[object]:
        told: list[object] = []
        with self._app.app_context(), db.engine.connect() as connection:
            for table in Base.metadata.sorted_tables:
                rows = f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table.name} t"
                told.append(tuple(connection.execute(text(rows)).one()))
        return told


class CountiesThere(Counties):
    """The two counties in PostgreSQL."""

    def __init__(self, built: Path, home: Path, url: str, run: Run) -> None:
        self._run, self._url = run, url
        target = create_engine(url, **engine_options(url))
        with (
            open_file(built / DATABASE) as source,
            source.connect() as reading,
            target.begin() as writing,
        ):
            fill_schema(reading, writing)
        target.dispose()
        super().__init__(built, home, url)

    def _keep(self) -> Kept:
        return KeptThere(self.app, self._url, self._run)


@pytest.mark.soak
def test_a_role_is_answered_on_postgresql_as_the_table_says(
    built_counties: Path,
    make_database_url: Callable[..., str],
    run_on_postgres: Run,
    tmp_path: Path,
) -> None:
    there = CountiesThere(
        built_counties, tmp_path / "there", make_database_url("postgresql"), run_on_postgres
    )
    try:
        test_every_record.test_who_may_read_a_record_reads_it_and_nobody_else(there, NAME)
        test_every_record.test_another_countys_record_is_as_one_that_does_not_exist(there, NAME)
        test_every_deed.test_nothing_is_done_to_a_record_out_of_sight(there, NAME)
    finally:
        there.close()
