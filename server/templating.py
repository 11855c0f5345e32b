"""What every template can use: texts, formats, the person, and what they may do."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_wtf.csrf import generate_csrf

from domain.access import Action, Target, may, may_ever
from server.documents.wording import day_words, instant_words
from server.guard import find_actor
from server.i18n import current_locale, format_day, format_instant, lang_tag, translate
from server.kept_forms import page_address


def install_templating(app: Flask) -> None:
    """Registers filters and globals; called by ``create_app`` alone."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        instant=format_instant, day=format_day, paper_instant=paper_instant, paper_day=paper_day
    )
    app.jinja_env.globals.update(
        _=translate,
        lang_tag=lang_tag,
        locale=current_locale,
        actor=find_actor,
        can=can,
        Action=Action,
        csrf_token=generate_csrf,
        page_address=page_address,
    )


def paper_day(value: date | None) -> str:
    """As the bureau's papers write a day; in English as everywhere else. Empty for None."""
    return format_day(value) if current_locale() == "en" else day_words(value)


def paper_instant(value: datetime | None) -> str:
    """The same for an instant at the inspection site."""
    return format_instant(value) if current_locale() == "en" else instant_words(value)


def can(action: Action, target: Target | None = None) -> bool:
    """Whether the signed-in person may; templates show a door only to who may open it."""
    actor = find_actor()
    return may_ever(actor, action) if target is None else may(actor, action, target)
