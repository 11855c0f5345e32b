"""The browsers a person is told by: seen, removed, limited, and never in our own network."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from server.cli.secrets import ensure_folders, ensure_vapid_keys
from server.db import db, scope_to, unit_of_work
from server.notifications.calling import PrivateAddress
from server.notifications.reaching import PublicConnection, is_public
from server.notifications.reminder_models import PushSubscription, ReminderMessage
from server.notifications.service import remind, send_due
from server.notifications.subscriptions import MAX_PER_PERSON
from tests.integration.accounts.test_every_route import client_of
from tests.integration.builders import Field, build_field
from tests.integration.notifications.receivers import Browser, receiver
from tests.integration.notifications.reminding import hand_in_reports

PAGE = "/account/channels"
PUSH = "/api/v1/push-subscription"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


@pytest.fixture
def county(sqlite_app: Flask) -> Field:
    config = sqlite_app.extensions["suicha"].config
    ensure_folders(config)
    ensure_vapid_keys(config.vapid_dir)
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_field()
        hand_in_reports(made)
    return made


def tell(app: Flask, county: Field) -> int:
    with app.app_context():
        scope_to(county.jurisdiction_id)
        remind([county.people["wang"]], "内2026001-01", "/inspections/1", county.actor("office"))
        return send_due().sent


def test_a_person_sees_each_browser_and_removes_their_own(sqlite_app: Flask, county: Field) -> None:
    wang = client_of(sqlite_app, county.people["wang"])
    empty = wang.get(PAGE).text
    assert "还没有浏览器登记。" in empty and "在电脑上：用要接收通知的浏览器打开本页" in empty
    with receiver() as service:
        told = Browser(service.url).subscription
        assert wang.put(PUSH, json=told, headers={"User-Agent": EDGE}).status_code == 204
        page = wang.get(PAGE).text
        assert "Edge · Windows" in page and "尚未收到" in page and "2026-03-04" in page
        assert tell(sqlite_app, county) == 1
    assert "尚未收到" not in wang.get(PAGE).text
    with sqlite_app.app_context():
        (row,) = db.session.scalars(select(PushSubscription.id)).all()
    li = client_of(sqlite_app, county.people["li"])
    assert li.post(f"{PAGE}/browsers/{row}/remove").status_code == 302
    assert "Edge · Windows" in wang.get(PAGE).text, "nobody else's"
    assert wang.post(f"{PAGE}/browsers/{row}/remove").status_code == 302
    assert "还没有浏览器登记。" in wang.get(PAGE).text


def test_of_more_than_ten_browsers_the_oldest_go(sqlite_app: Flask, county: Field) -> None:
    wang = client_of(sqlite_app, county.people["wang"])
    for number in range(MAX_PER_PERSON + 1):
        told = Browser("https://push.example.com", str(number)).subscription
        assert wang.put(PUSH, json=told).status_code == 204
    with sqlite_app.app_context():
        left = db.session.scalars(select(PushSubscription.endpoint)).all()
    assert len(left) == MAX_PER_PERSON and "https://push.example.com/push/0" not in left


def test_a_name_that_leads_into_the_house_is_not_connected_to(
    sqlite_app: Flask, county: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    wang = client_of(sqlite_app, county.people["wang"])
    with receiver() as service:
        port = service.url.rpartition(":")[2]
        wang.put(PUSH, json=Browser("https://push.example.com").subscription)
        with sqlite_app.app_context(), unit_of_work() as work:
            row = work.scalars(select(PushSubscription)).one()
            row.endpoint = f"https://localhost:{port}/push/one"  # as a name that changed its answer
        assert tell(sqlite_app, county) == 0
        assert service.called == []
    with sqlite_app.app_context():
        (message,) = db.session.scalars(select(ReminderMessage)).all()
        assert (message.outcome, message.note) == ("failed", "private address")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False), ("224.0.0.1", False), ("8.8.8.8", True),
        ("2001:4860:4860::8888", True), ("::ffff:8.8.8.8", True), ("2002:808:808::1", True),
        ("64:ff9b::a00:1", False), ("64:ff9b::808:808", True),
    ],
)  # fmt: skip
def test_only_addresses_of_the_internet_are_called(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_a_name_with_one_address_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them is taken is not the name's owner's to choose."""
    found = [(0, 0, 0, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: found)
    connected: list[object] = []
    monkeypatch.setattr("server.notifications.reaching.create_connection", connected.append)
    with pytest.raises(PrivateAddress):
        PublicConnection("push.example.com", 443).connect()
    assert connected == []
