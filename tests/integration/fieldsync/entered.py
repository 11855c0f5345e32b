"""A county to begin with whose sheet of the transport bureau is entered already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from tests.conftest import Beginning
from tests.integration.builders import Field, build_field, keep_ready
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.followup.conftest import enter_problems

Enter = Callable[[Callable[[str], Phone]], Phone]


@dataclass(frozen=True)
class Left:
    """What the phone that entered the sheet holds."""

    device: str
    queue: list[Answer]
    rows: dict[str, Answer]
    cursor: dict[str, int]


def _beginning(name: str, enter: Enter) -> Beginning:
    def build() -> Left:
        app: Any = current_app
        made = build_field()
        keep_ready(made)
        wang = enter(lambda who: Phone(app._get_current_object(), made, who))
        return Left(wang.device, wang.queue, wang.rows, wang.cursor)

    return Beginning(name, build)


ENTERED = _beginning("entered", lambda phone: lock_sheet(phone)[0])
PROBLEMS = _beginning("problems", enter_problems)  # two items with a problem


def who_entered(beginning: Beginning, app: Flask, field: Field) -> Phone:
    """The officer's phone, signed in again and holding what it held."""
    left: Left = beginning.told(app)
    phone = Phone(app, field, "wang", left.device)
    phone.queue, phone.rows, phone.cursor = left.queue, left.rows, left.cursor
    return phone
