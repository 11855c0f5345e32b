"""The migrations and the tables in the code say the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine

from server.db import engine_options
from server.schema import schema_differences, upgrade_schema

pytestmark = pytest.mark.both


def test_migrated_database_equals_the_tables_in_the_code(database_url: str) -> None:
    engine = create_engine(database_url)
    assert schema_differences(engine) == []
    engine.dispose()


def test_second_upgrade_changes_nothing(database_url: str) -> None:
    engine = create_engine(database_url)
    before, after = upgrade_schema(engine)
    assert before == after is not None
    engine.dispose()


def test_the_schema_an_address_names_on_postgresql_is_the_one_in_use(
    make_database_url: Callable[..., str],
) -> None:
    url = make_database_url("postgresql") + "?options=-csearch_path%3Delsewhere"
    engine = create_engine(url, **engine_options(url))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW search_path").scalar() == "elsewhere"
        assert connection.exec_driver_sql("SHOW jit").scalar() == "off"
    engine.dispose()
