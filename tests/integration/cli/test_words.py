"""Every text of the commands has its English, with the same places to fill."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

SERVER = Path(__file__).parent.parent.parent.parent / "server"


def marked_texts() -> set[str]:
    found = set()
    for path in (SERVER / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}"
                found.add(str(node.args[0].value))
    return found


def test_english_of_the_commands_is_complete() -> None:
    with (SERVER / "locale" / "en" / "cli.po").open("rb") as file:
        english = {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id}
    assert set(english) == marked_texts()
    for chinese, text in english.items():
        assert text, chinese
        assert sorted(re.findall(r"\{(\w+)\}", chinese)) == sorted(re.findall(r"\{(\w+)\}", text))
