"""No test gets lost on the way to the processes that share a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.order import file_of, mix


def collected(*files: str) -> list[Any]:
    return [SimpleNamespace(nodeid=f"{file}::test_{n}") for file in files for n in (1, 2)]


def test_browsers_are_spread_over_the_files_that_compute_and_each_file_stays_together() -> None:
    browsers = [f"tests/e2e/test_{n}.py" for n in range(3)]
    others = [f"tests/integration/test_{n}.py" for n in range(10)]
    items = collected(*browsers, *others)
    mixed = mix(items)
    assert sorted(one.nodeid for one in mixed) == sorted(one.nodeid for one in items)
    files = [file_of(one) for one in mixed]
    assert files[::2] == files[1::2], "a file's tests come one after the other"
    assert files[::8][:3] == browsers and files[2:8:2] == others[:3]
    assert [file for file in files[::2] if file in others] == others


def test_few_files_are_all_run() -> None:
    for files in (["tests/e2e/a.py", "tests/e2e/b.py", "tests/unit/c.py"], ["tests/unit/c.py"], []):
        items = collected(*files)
        assert {one.nodeid for one in mix(items)} == {one.nodeid for one in items}
