"""The requirements matrix is complete, and every test it names exists and is run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
STATES = {"works", "partly", "planned"}
ROW = re.compile(r"^\| (R\d{3}) \| (.+?) \| (\w+) \| (.*?) \| (.*?) \|$")
NAMED = re.compile(r"`([\w/.-]+\.(?:py|ts))(?:::([\w-]+|[^`]+))?`")


def rows() -> list[tuple[str, str, str, str, str]]:
    text = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    return [m.groups() for line in text.splitlines() if (m := ROW.match(line))]  # type: ignore[misc]


def test_every_requirement_has_exactly_one_row() -> None:
    assert [row[0] for row in rows()] == [f"R{n:03d}" for n in range(1, 130)]


def test_every_row_has_a_known_state_and_says_where() -> None:
    wrong = [r[0] for r in rows() if r[2] not in STATES or (r[2] != "planned" and not r[3].strip())]
    assert wrong == []


def test_what_works_or_partly_works_names_a_test() -> None:
    missing = [r[0] for r in rows() if r[2] != "planned" and not NAMED.search(r[4])]
    assert missing == []


def test_every_named_test_exists_and_is_not_switched_off() -> None:
    missing = []
    for requirement, _gloss, _state, _where, tests in rows():
        for file, name in NAMED.findall(tests):
            path = ROOT / "tests" / file
            if not path.exists():
                missing.append(f"{requirement}: {file}")
            elif name and not _is_run(path, name):
                missing.append(f"{requirement}: {file}::{name}")
    assert missing == []


def _is_run(path: Path, name: str) -> bool:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".ts":
        claims = r"(?: \[[^\]]*\])*"  # what the test proves ends its title (docs/reliability.md)
        title = rf"\b(?:it|test)\(\s*['\"]{re.escape(name)}{claims}['\"]"
        return re.search(title, source) is not None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return not any(
                "skip" in ast.dump(d) or "xfail" in ast.dump(d) for d in node.decorator_list
            )
    return False
