"""What did not leave, in words, and tried again only where nobody can have got it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from domain.access import Role
from server.audit.models import AuditEvent
from server.db import db
from server.notifications.channels import Gone, Later, Outcome, Refused, Unknown
from server.notifications.reminder_models import ReminderMessage
from server.notifications.service import remind, send_due
from tests.conftest import Clock
from tests.integration.accounts.test_every_route import client_of
from tests.integration.builders import Field, build_field
from tests.integration.notifications.reminding import Listing, add_person, hand_in_reports

PAGE = "/reminders/failures"


@pytest.fixture
def county(sqlite_app: Flask) -> Field:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_field()
        hand_in_reports(made)
        made.people["guanli"] = add_person(made, "guanli", "何管理", Role.ADMIN)
    return made


def fail(app: Flask, county: Field, *outcomes: Outcome) -> list[int]:
    """Each of another person's message; their ids."""
    names = ("wang", "li", "zhao", "qian")
    with app.app_context():
        for name in names[: len(outcomes)]:
            remind([county.people[name]], "内2026001-01", "/inspections/1", county.actor("office"))
        send_due([Listing(answers=list(outcomes))])
        return list(db.session.scalars(select(ReminderMessage.id).order_by(ReminderMessage.id)))


def test_each_failure_has_its_reason_and_only_what_nobody_got_is_tried_again(
    sqlite_app: Flask, county: Field
) -> None:
    refused, waiting, unknown, gone = fail(
        sqlite_app, county, Refused("HTTP 403"), Later("NewConnectionError"),
        Unknown("ReadTimeout"), Gone("HTTP 410"),
    )  # fmt: skip
    admin = client_of(sqlite_app, county.people["guanli"])
    page = admin.get(PAGE).text
    for words in (
        "对方服务器拒绝（HTTP 403）。", "连接不上对方服务器，请检查网络和防火墙。",
        "对方可能已收到，不再重发", "订阅已删除", "王检查", "等待重试",
    ):  # fmt: skip
        assert words in page, words
    assert [f"{PAGE}/{one}/retry" in page for one in (refused, waiting, unknown, gone)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert admin.post(f"{PAGE}/{unknown}/retry").status_code == 409
    assert admin.post(f"{PAGE}/9999/retry").status_code == 404
    for one in (refused, waiting):
        assert admin.post(f"{PAGE}/{one}/retry").status_code == 302
    way = Listing()
    with sqlite_app.app_context():
        send_due([way])
        send_due([way])
    assert sorted(one.person_id for one in way.sent) == sorted(
        county.people[name] for name in ("wang", "li")
    )
    with sqlite_app.app_context():
        query = select(AuditEvent).where(AuditEvent.action == "reminder.tried_again")
        assert len(db.session.scalars(query).all()) == 2


def test_numbers_of_another_day_are_not_sent_again_and_a_killed_one_is_told(
    sqlite_app: Flask, county: Field, clock: Clock
) -> None:
    (refused,) = fail(sqlite_app, county, Refused("HTTP 403"))
    with sqlite_app.app_context():
        remind([county.people["li"]], "内2026001-01", "/inspections/2", county.actor("office"))
        with pytest.raises(KeyboardInterrupt):
            send_due([Listing(dies_before=0)])
    clock.advance(days=1)
    with sqlite_app.app_context():
        send_due([Listing()])
    admin = client_of(sqlite_app, county.people["guanli"])
    page = admin.get(PAGE).text
    assert "不能确定" in page and "/retry" not in page
    assert admin.post(f"{PAGE}/{refused}/retry").status_code == 409
    assert "近七天的提醒都已发出" not in page
    clock.advance(days=8)
    admin = client_of(sqlite_app, county.people["guanli"])
    assert "近七天的提醒都已发出" in admin.get(PAGE).text
