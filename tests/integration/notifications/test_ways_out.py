"""Ways out of the house against other people's servers: what arrives, and what becomes of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.reminders import MAX_PUSH_BYTES, Channel
from server.accounts.models import Person
from server.cli.secrets import ensure_folders, ensure_vapid_keys
from server.db import db, unit_of_work
from server.notifications.channels import Address
from server.notifications.preferences import Choice, choose_channels
from server.notifications.push import Caller, PushTooLong
from server.notifications.reminder_models import PushSubscription, ReminderMessage
from server.notifications.service import failures, remind, send_due
from server.runtime import Runtime
from tests.conftest import Clock
from tests.databases import free_port
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.notifications.receivers import (
    Browser,
    Receiver,
    decode,
    mail_server,
    receiver,
)
from tests.integration.notifications.reminding import hand_in_reports

PUSH = "/api/v1/push-subscription"


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[Field]:
    """With a key pair, as ``suicha setup`` makes it."""
    config = sqlite_app.extensions["suicha"].config
    ensure_folders(config)
    ensure_vapid_keys(config.vapid_dir)
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_field()
        hand_in_reports(made)
        yield made


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def signed_in(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


def tell(field: Field, who: str = "wang", target: str = "/inspections/1") -> None:
    remind([field.people[who]], "内2026001-01 示例客运公司", target, field.actor("office"))


def outcomes() -> list[tuple[str | None, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(ReminderMessage).order_by(ReminderMessage.id))
    return [(one.outcome, one.note) for one in rows]


def configure(app: Flask, **values: str) -> None:
    told: Runtime = app.extensions["suicha"]
    app.extensions["suicha"] = replace(told, config=replace(told.config, **values))  # type: ignore[arg-type]


def test_a_message_of_the_running_application_is_received_decrypted_and_signed(
    sqlite_app: Flask, county: Field, service: Receiver, clock: Clock
) -> None:
    client, browser = signed_in(sqlite_app, "wang"), Browser(service.url)
    key = client.get("/api/v1/inbox").get_json()["push_key"]
    assert client.put(PUSH, json=browser.subscription).status_code == 204
    assert client.put(PUSH, json=browser.subscription).status_code == 204, "again changes nothing"
    tell(county)
    assert send_due().sent == 1
    (called,) = service.called
    assert called.path == "/push/one"
    assert browser.read(called.body) == {
        "title": "随查提醒",
        "body": "您的事项：1 件被催办",
        "lang": "zh-CN",
        "tag": "reminders",
        "place": "#/inbox",
    }
    for secret in ("示例客运公司", "内2026001-01", "王检查", "wang"):
        assert secret not in json.dumps(browser.read(called.body), ensure_ascii=False)
    assert called.headers["Content-Encoding"] == "aes128gcm"
    assert called.headers["Ttl"] == "43200" and called.headers["Topic"] == "reminders"
    claims = check_vapid(called.headers["Authorization"], key)
    assert claims["aud"] == service.url and claims["sub"].startswith("mailto:")
    assert 0 < claims["exp"] - clock_of_the_machine() <= 24 * 3600
    assert send_due().sent == 0 and len(service.called) == 1
    assert outcomes() == [("sent", "")]


def check_vapid(header: str, expected: str) -> dict[str, Any]:
    """RFC 8292 by hand: ``vapid t=<JWT>, k=<key>``, ES256 over the first two parts by that key."""
    assert header.startswith("vapid ")
    parts = dict(one.strip().split("=", 1) for one in header[6:].split(","))
    assert parts["k"] == expected, "the key phones subscribe with"
    head, body, signature = parts["t"].split(".")
    assert json.loads(decode(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = decode(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(parts["k"]))
    key.verify(encode_dss_signature(r, s), f"{head}.{body}".encode(), ec.ECDSA(SHA256()))
    claims: dict[str, Any] = json.loads(decode(body))
    return claims


def clock_of_the_machine() -> float:
    """The token's life is told to a service that has another clock than the test."""
    import time

    return time.time()


def test_browsers_of_one_service_share_connections_and_a_signature(
    county: Field, service: Receiver
) -> None:
    from server.notifications.push import PushWay
    from server.notifications.subscriptions import subscribe

    for who in ("wang", "li", "zhao"):
        for number in range(8):
            told = Browser(service.url, f"{who}-{number}").subscription
            subscribe(county.actor(who), told["endpoint"], **told["keys"], agent="")
        tell(county, who)
    assert send_due().sent == 24 and len({one.path for one in service.called}) == 24
    assert len({one.connection for one in service.called}) <= PushWay.at_once
    assert len({one.headers["Authorization"] for one in service.called}) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_subscription_is_forgotten_and_the_living_one_is_told(
    sqlite_app: Flask, county: Field, service: Receiver, status: int
) -> None:
    client = signed_in(sqlite_app, "wang")
    dead, living = Browser(service.url, "dead"), Browser(service.url, "living")
    for browser in (dead, living):
        client.put(PUSH, json=browser.subscription)
    service.answers_at = {"/push/dead": status}
    tell(county)
    done = send_due()
    assert (done.sent, done.ended) == (1, 1)
    left = db.session.scalars(select(PushSubscription.endpoint)).all()
    assert left == [living.endpoint]
    assert {one.path for one in service.called} == {"/push/dead", "/push/living"}
    assert [one["note"] for one in failures(county.jurisdiction_id)] == [f"HTTP {status}"]


def test_a_busy_service_is_asked_again_when_it_said(
    sqlite_app: Flask, county: Field, service: Receiver, clock: Clock
) -> None:
    signed_in(sqlite_app, "wang").put(PUSH, json=Browser(service.url).subscription)
    service.answers = [(429, {"Retry-After": "1800"}), (503, {})]
    tell(county)
    assert send_due().waiting == 1
    clock.advance(minutes=29)
    assert send_due().waiting == 0 and len(service.called) == 1
    clock.advance(minutes=1)
    assert send_due().waiting == 1
    clock.advance(minutes=10)
    assert send_due().sent == 1 and len(service.called) == 3
    assert len({bytes(one.body) for one in service.called}) == 3, "encrypted anew each time"


@pytest.mark.parametrize("status", [500, 502, 504])
def test_what_a_push_service_may_have_taken_is_not_sent_again(
    sqlite_app: Flask, county: Field, service: Receiver, clock: Clock, status: int
) -> None:
    """What stands in front of it answers for it; nothing in a push tells one from another."""
    signed_in(sqlite_app, "wang").put(PUSH, json=Browser(service.url).subscription)
    service.answers = [(status, {})]
    tell(county)
    assert send_due().ended == 1
    assert outcomes() == [("unknown", f"HTTP {status}")]
    clock.advance(hours=1)
    assert send_due().sent == 0 and len(service.called) == 1


def test_a_service_that_is_not_there_is_asked_again_and_one_that_redirects_is_not_followed(
    sqlite_app: Flask, county: Field, service: Receiver, clock: Clock
) -> None:
    client = signed_in(sqlite_app, "wang")
    gone = Browser(f"http://127.0.0.1:{free_port()}")
    client.put(PUSH, json=gone.subscription)
    tell(county)
    assert send_due().waiting == 1
    assert outcomes() == [(None, "NewConnectionError")]
    client.delete(PUSH, json={"endpoint": gone.endpoint})
    client.put(PUSH, json=Browser(service.url).subscription)
    clock.advance(hours=4)
    service.answers = [(307, {"Location": f"{service.url}/elsewhere"})]
    tell(county, target="/inspections/2")
    assert send_due().ended == 2
    assert outcomes() == [("gone", "unsubscribed"), ("failed", "HTTP 307")]
    assert [one.path for one in service.called] == ["/push/one"]


def test_nobody_listens_to_what_a_service_says_beside_its_answer(
    sqlite_app: Flask, county: Field, service: Receiver
) -> None:
    """Whose browser it is names the service: it may talk without end."""
    service.talks = 32 * 2**20
    browser = Browser(service.url)
    signed_in(sqlite_app, "wang").put(PUSH, json=browser.subscription)
    tell(county)
    assert send_due().sent == 1 and outcomes() == [("sent", "")]
    assert service.is_cut.wait(60)


def test_what_is_too_long_for_a_push_service_is_never_sent(
    sqlite_app: Flask, county: Field, service: Receiver
) -> None:
    browser = Browser(service.url)
    address = Address(browser.subscription["endpoint"], **browser.subscription["keys"])
    whole = json.dumps({"text": "长" * 1400}, ensure_ascii=False).encode()
    assert len(whole) > MAX_PUSH_BYTES
    with pytest.raises(PushTooLong):
        Caller().post(address, whole)
    assert service.called == []
    most = json.dumps("x" * (MAX_PUSH_BYTES - 2)).encode()
    Caller().post(address, most)
    assert len(service.called[0].body) <= 4096 and len(browser.read(service.called[0].body)) > 3900


@pytest.mark.parametrize(
    ("endpoint", "keys", "code"),
    [
        ("http://push.example.com/x", {}, "push.bad_endpoint"),
        ("https://localhost/x", {}, "push.bad_endpoint"),
        ("https://192.168.1.4/x", {}, "push.bad_endpoint"),
        ("https://[::1]/x", {}, "push.bad_endpoint"),
        ("https://127.1/x", {}, "push.bad_endpoint"),
        ("https://user:secret@push.example.com/x", {}, "push.bad_endpoint"),
        ("file:///etc/passwd", {}, "push.bad_endpoint"),
        ("https://push.example.com/x", {"p256dh": "AAAA"}, "push.bad_key"),
        ("https://push.example.com/x", {"auth": "AAAA"}, "push.bad_key"),
    ],
)
def test_a_subscription_that_leads_elsewhere_is_refused(
    sqlite_app: Flask, county: Field, endpoint: str, keys: dict[str, str], code: str
) -> None:
    told = Browser("https://push.example.com").subscription
    told |= {"endpoint": endpoint, "keys": told["keys"] | keys}
    answer = signed_in(sqlite_app, "wang").put(PUSH, json=told)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, code)
    assert db.session.scalars(select(PushSubscription)).all() == []


def test_a_browser_belongs_to_who_signed_in_last(
    sqlite_app: Flask, county: Field, service: Receiver
) -> None:
    browser = Browser(service.url)
    signed_in(sqlite_app, "wang").put(PUSH, json=browser.subscription)
    li = signed_in(sqlite_app, "li")
    li.put(PUSH, json=browser.subscription)
    tell(county, "wang")
    assert send_due().sent == 0, "a colleague's phone tells nothing of somebody else's"
    signed_in(sqlite_app, "wang").delete(PUSH, json={"endpoint": browser.endpoint})
    assert len(db.session.scalars(select(PushSubscription)).all()) == 1


def test_an_e_mail_holds_numbers_and_the_way_to_the_inbox(
    sqlite_app: Flask, county: Field, clock: Clock
) -> None:
    off = Choice(is_on=False)
    choices = {Channel.PUSH: off, Channel.WEBHOOK: off, Channel.EMAIL: Choice(True, "w@example.cn")}
    choose_channels(county.actor("wang"), choices)
    with unit_of_work() as work:
        work.get_one(Person, county.people["wang"]).locale = "en"
    with mail_server() as (port, arrived):
        configure(
            sqlite_app,
            smtp_url=f"smtp://127.0.0.1:{port}",
            mail_from="suicha@example.cn",
            public_url="https://suicha.example.cn",
        )
        tell(county)
        assert send_due().sent == 1 and send_due().sent == 0
    (mail,) = (message_from_string(one, policy=policy.default) for one in arrived)
    assert mail["To"] == "w@example.cn" and mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == "Suicha: Your matters: 1 somebody asks you to see to"
    text = mail.get_content()
    assert "https://suicha.example.cn/inbox" in text and "示例客运公司" not in text


def test_a_mail_server_that_is_full_is_asked_again_and_one_that_refuses_is_not(
    sqlite_app: Flask, county: Field, clock: Clock
) -> None:
    choices = {channel: Choice() for channel in Channel} | {
        Channel.EMAIL: Choice(True, "w@example.cn")
    }
    choose_channels(county.actor("wang"), choices)
    for refuses, outcome in (("452 full", None), ("550 nobody", "failed")):
        with mail_server(refuses) as (port, arrived):
            configure(
                sqlite_app, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="suicha@example.cn"
            )
            tell(county, target=f"/inspections/{port}")
            send_due()
            assert arrived == []
        assert outcomes()[-1] == (outcome, f"SMTP {refuses[:3]}")
        clock.advance(hours=3)


def test_a_gateway_gets_account_and_numbers_signed_with_the_time(
    sqlite_app: Flask, county: Field, service: Receiver, clock: Clock
) -> None:
    secret = "a secret of the gateway"
    configure(sqlite_app, webhook_url=f"{service.url}/hook", webhook_secret=secret)
    tell(county)
    service.answers = [(502, {})]
    assert send_due().waiting == 1
    clock.advance(minutes=5)
    assert send_due().sent == 1
    first, second = (json.loads(one.body) for one in service.called)
    assert first == second, "the gateway can tell by its id"
    assert second["account"] == "wang" and second["path"] == "/inbox"
    assert second["text"] == "您的事项：1 件被催办" and second["counts"] == {"asked": 1}
    called = service.called[1]
    stamp = called.headers["X-Suicha-Timestamp"]
    assert int(stamp) == int(clock().timestamp())
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + called.body, hashlib.sha256)
    assert called.headers["X-Suicha-Signature"] == f"sha256={made.hexdigest()}"
    assert "示例客运公司" not in called.body.decode()


def test_without_a_key_pair_nobody_is_offered_push(sqlite_app: Flask, county: Field) -> None:
    folder: Path = sqlite_app.extensions["suicha"].config.vapid_dir
    (folder / "vapid_private.pem").unlink()
    assert signed_in(sqlite_app, "wang").get("/api/v1/inbox").get_json()["push_key"] == ""
    tell(county)
    assert send_due().as_plain() == {"written": 0, "sent": 0, "waiting": 0, "ended": 0}
