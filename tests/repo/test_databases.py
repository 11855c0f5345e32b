"""Which tests run on both databases each day: what is about them, and one at least of each room."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.databases import ABOUT_DATABASES

pytest_plugins = "pytester"

ROOMS = sorted(
    path.name
    for path in (ROOT / "tests" / "integration").iterdir()
    if any((ROOT / "server" / path.name).glob("*models.py"))
)
TEST = re.compile(r"^(?: *@.*\n)*def (test_\w+)\(([^)]*)\)", re.M)


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_with_tables_writes_and_reads_them_on_both(room: str) -> None:
    texts = [path.read_text() for path in (ROOT / "tests" / "integration" / room).glob("test_*.py")]
    found = [name for text in texts for name in names_on_both(text)]
    assert found, f"no test of {room} runs on PostgreSQL each day: mark one with `both`"


def names_on_both(text: str) -> list[str]:
    """The tests of a file that a day's run takes to PostgreSQL, too."""
    is_whole = "pytestmark = pytest.mark.both" in text
    return [
        found[1]
        for found in TEST.finditer(text)
        if "sqlite_app" not in found[2] and "ON_SQLITE" not in found[0]
        if is_whole
        or ABOUT_DATABASES.search(found[1])
        or re.search(r"mark\.both|proves\(", found[0])
    ]


def test_the_day_leaves_to_the_soak_what_sqlite_shows_and_nothing_about_databases(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest(
        """
        import pytest
        from tests.databases import is_for_soak

        @pytest.fixture(params=["sqlite", "postgresql"])
        def database_url(request):
            return request.param

        @pytest.fixture
        def app(database_url):
            return database_url

        def pytest_configure(config):
            for name in ("both", "proves(what, under)", "soak"):
                config.addinivalue_line("markers", name)

        def pytest_collection_modifyitems(items):
            print("FOR THE SOAK", [item.name for item in items if is_for_soak(item)])
        """
    )
    pytester.makepyfile(
        """
        import pytest

        chosen = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

        def test_a_form_keeps_what_was_typed(app): ...
        def test_two_writers_at_once(app): ...
        def test_a_pure_rule(): ...
        @pytest.mark.both
        def test_a_search(app): ...
        @pytest.mark.proves("I1", "F1")
        def test_a_push(app): ...
        @chosen
        def test_a_copy(app): ...
        """
    )
    found = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    found.assert_outcomes(passed=10)
    found.stdout.fnmatch_lines(
        ["*FOR THE SOAK [[]'test_a_form_keeps_what_was_typed[[]postgresql]'[]]*"]
    )
