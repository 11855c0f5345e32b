"""The documents say what the code has: every setting and its default, every command."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click

from server.cli.main import suicha
from server.config import ENVIRONMENT, MOST_WORKERS_BY_DEFAULT, Config

DOCS = Path(__file__).parent.parent.parent.parent / "docs"


def commands(group: click.Group, path: str = "suicha") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands(command, f"{path} {name}")
        else:
            found[f"{path} {name}"] = command
    return found


def test_every_command_is_documented_and_nothing_else() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| `(suicha(?: [a-z0-9]+)+)", text, flags=re.MULTILINE)
    assert sorted(written) == sorted(commands(suicha))


def test_every_command_but_those_that_serve_has_json() -> None:
    without = [
        name
        for name, command in commands(suicha).items()
        if not any("--json" in parameter.opts for parameter in command.params)
    ]
    assert without == ["suicha phone", "suicha run", "suicha worker"]


def test_every_setting_is_documented_with_its_default() -> None:
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(SUICHA_\w+)` \|.*\| (.*?) \|$", text, flags=re.MULTILINE))
    assert set(rows) == set(ENVIRONMENT)
    defaults = {field.name: field.default for field in fields(Config)}
    assert f"`{MOST_WORKERS_BY_DEFAULT}` at most" in rows["SUICHA_WORKERS"]
    for name, attribute in ENVIRONMENT.items():
        default = defaults[attribute]
        if isinstance(default, (bool, int, str)):
            shown = str(int(default)) if isinstance(default, bool) else str(default)
            assert rows[name] == f"`{shown}`", name
