"""The migrations and the tables in the code say the same."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

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
