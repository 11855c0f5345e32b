"""``pytest --proofs FILE`` writes which tests ran and how they ended, as JSON:
``{"passed": [node ids], "failed": [node ids], "marked": [node ids]}``.

A mark that names no pair stops the run at once, so that a typing mistake proves nothing.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reliability.proofs import read_claim


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", metavar="FILE", help="write which marked tests passed, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    config.pluginmanager.register(Recorder(None if is_worker else config.getoption("--proofs")))


class Recorder:
    """Keeps the outcomes; a worker of xdist only passes the marks on."""

    def __init__(self, path: str | None) -> None:
        self.path = Path(path) if path else None
        self.outcomes: dict[str, set[str]] = {}
        self.marked: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers("proves"):
                try:
                    invariants, faults = mark.args
                    read_claim(invariants, faults, item.nodeid)
                except (TypeError, ValueError) as error:
                    raise pytest.UsageError(f"{item.nodeid}: {error}") from error
                item.user_properties.append(("proves", " × ".join(mark.args)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.path is None or (report.when != "call" and report.passed):
            return
        self.outcomes.setdefault(report.nodeid, set()).add(report.outcome)
        if any(name == "proves" for name, _ in report.user_properties):
            self.marked.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        if self.path is None:
            return
        passed = {node for node, found in self.outcomes.items() if found == {"passed"}}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        document = {
            "passed": sorted(passed),
            "failed": sorted(self.outcomes.keys() - passed),
            "marked": sorted(self.marked),
        }
        self.path.write_text(json.dumps(document, ensure_ascii=False, indent=1))
