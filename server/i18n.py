"""Languages: Chinese is written in place, English comes from ``server/locale/en/*.po``.

``_("录入期限")`` returns its argument for ``zh_CN`` and the catalogue's text for ``en``; one
catalogue per subject, and a test proves that every marked text has its English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from flask import g, has_app_context, has_request_context, request

from server.plurals import choose
from server.runtime import SITE_ZONE

LOCALES = {"zh_CN": "zh-CN", "en": "en"}
DEFAULT_LOCALE = "zh_CN"
CATALOGUES = Path(__file__).parent / "locale"


@cache
def english() -> dict[str, str]:
    """Chinese → English, all subjects' catalogues together."""
    texts: dict[str, str] = {}
    for path in sorted((CATALOGUES / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id and message.string:
                    texts[str(message.id)] = str(message.string)
    return texts


def current_locale() -> str:
    """The signed-in person's language, else the visitor's cookie, else Chinese."""
    if not has_app_context():
        return DEFAULT_LOCALE
    chosen = getattr(g, "locale", None)
    if not chosen and has_request_context():
        chosen = request.cookies.get("suicha_locale")
    return chosen if chosen in LOCALES else DEFAULT_LOCALE


def in_chinese() -> AbstractContextManager[None]:
    """Texts within are Chinese, whatever the reader's language: official forms are one text."""
    return in_language(DEFAULT_LOCALE)


@contextmanager
def in_language(locale: str) -> Iterator[None]:
    """Texts within are in this language: of who reads a message, not of who causes it."""
    before = g.get("locale")
    g.locale = locale
    try:
        yield
    finally:
        g.locale = before


def translate(text: str, **values: object) -> str:
    """``text`` in the current language, with ``{name}`` places filled from ``values``."""
    if current_locale() == "en":
        text = choose(english().get(text, text), values)
    return text.format(**values) if values else text


def lang_tag() -> str:
    """For ``<html lang>``: ``zh-CN`` or ``en``."""
    return LOCALES[current_locale()]


def format_instant(value: datetime | None, *, with_date: bool = True) -> str:
    """An instant at the inspection site, ``2024-09-05 14:03``; empty for None."""
    if value is None:
        return ""
    local = value.astimezone(SITE_ZONE)
    return local.strftime("%Y-%m-%d %H:%M" if with_date else "%H:%M")


def format_day(value: date | None) -> str:
    """ISO date, empty for None: the same in both languages, and it sorts."""
    return value.isoformat() if value else ""


_ = translate
