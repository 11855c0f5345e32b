"""What every command shares: the language of the terminal, the two endings, the report.

Chinese when LC_ALL, LC_MESSAGES or LANG say zh, English otherwise.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import click

from server.plurals import choose


class BadInput(Exception):
    """What was given cannot be used: exit 2. ``code`` is a stable name."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class CheckFailed(Exception):
    """The command did its work and the answer is no: exit 1."""


@cache
def cli_locale() -> str:
    """``zh_CN`` or ``en``; the first of the three variables that is set decides."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh_CN" if value.lower().startswith("zh") else "en"
    return "en"


def translate(text: str, **values: object) -> str:
    """``text`` in the terminal's language."""
    if cli_locale() == "en":
        text = choose(_english().get(text, text), values)
    return text.format(**values) if values else text


@cache
def _english() -> dict[str, str]:
    """The commands' own catalogue; ``server.i18n`` reads them all, but loads Flask to do it."""
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id and m.string}


_ = translate

CATALOGUE = Path(__file__).parent.parent / "locale" / "en" / "cli.po"
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
json_option = click.option("--json", "as_json", is_flag=True, help=_("以一个 JSON 文档输出结果。"))


def report(as_json: bool, document: object, *lines: str) -> None:
    """The document on stdout for a program, or the lines for a person."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))
        return
    for line in lines:
        click.echo(line)


def _plain(value: Any) -> Any:
    to_text: Callable[[], str] | None = getattr(value, "isoformat", None)
    return to_text() if to_text else str(value)
