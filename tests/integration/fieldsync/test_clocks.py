"""A phone's clock decides nothing: the same day with every clock wrong has the same outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from server.fieldsync import service
from tests.integration.builders import Field
from tests.integration.fieldsync.day import enter, fill, submit
from tests.integration.fieldsync.phone import Answer, Phone

AT = datetime(2026, 3, 4, 1, 12, 33, tzinfo=UTC)


class Off(Phone):
    """A phone whose clock is ``days`` wrong."""

    days = 0

    def now(self) -> str:
        return (AT + timedelta(days=self.days)).isoformat(timespec="milliseconds")

    def make(self, kind: str, entity: str, fields: Answer | None = None, **more: Any) -> Answer:
        return super().make(kind, entity, fields, **{**more, "at": self.now()})

    def envelope(self, ops: list[Answer], **more: Any) -> Answer:
        return super().envelope(ops, **{**more, "sent_at": self.now()})


def live_the_day(app: Flask, field: Field, early: int, late: int) -> list[str]:
    """Statuses of a day with a conflict, a replay, a lock and edits after it; wang's clock is
    ``early`` days off, li's ``late`` days."""
    wang, li, lead = Off(app, field, "wang"), Off(app, field, "li"), Off(app, field, "lead")
    wang.days, li.days, lead.days = early, late, late
    li.pull()
    fill(wang)
    told = [one["status"] for one in wang.results()]
    missed = li.set("PAX-01", {"value": "fail"})
    told.append(li.result(missed)["status"])
    wang.pull()
    head = wang.row("answer:tr/PAX-01")["heads"]["value"]
    chosen = wang.set("PAX-01", {"value": "pass"}, {"value": head}, resolves=[missed["op"]])
    told += [one["status"] for one in wang.results([chosen, chosen])]
    told.append(wang.result(submit(wang))["status"])
    told.append(lead.result(lead.make("sheet.accept", "sheet:tr"))["status"])
    wang.pull()
    told.append(wang.result(enter(wang))["status"])
    told.append(li.result(li.set("PAX-01", {"value": "na"}))["status"])
    told.append(wang.result(wang.set("PAX-03", {"value": "改"}))["status"])
    with app.app_context():
        assert service.verify_ledger() == []
    return told


@pytest.mark.proves("I3 I8 I22", "F22")
@pytest.mark.parametrize(("early", "late"), [(0, 0), (-400, 400), (400, -400)])
def test_day_has_the_same_outcomes_with_clocks_400_days_off(
    app: Flask, field: Field, early: int, late: int
) -> None:
    told = live_the_day(app, field, early, late)
    assert told[:8] == ["applied"] * 8
    assert told[8:] == [
        "conflict", "applied", "applied", "applied", "applied", "applied", "rejected_locked",
        "rejected_locked",
    ]  # fmt: skip
