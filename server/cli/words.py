"""What every command shares: the language of the terminal, the two endings, the report.

Chinese when LC_ALL, LC_MESSAGES or LANG say zh, English otherwise.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from typing import Any

import click


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
    """``text`` in the terminal's language, from the same catalogues as the pages."""
    if cli_locale() == "en":
        from server.i18n import english  # loads Flask and Babel: not for a Chinese terminal

        text = english().get(text, text)
    return text.format(**values) if values else text


_ = translate

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
