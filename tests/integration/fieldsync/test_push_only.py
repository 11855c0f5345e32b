"""The push-only credential: what it opens, for whom, and that no phone is ever cut off
(PROTOCOL §10, docs/protocol 13.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from server.accounts.models import Person, PersonRole, PushCredential
from server.accounts.service import revoke_device
from server.audit.models import AuditEvent
from server.db import db, scope_to, unit_of_work
from server.fieldsync.models import Blob, Entity, Proposal, Receipt
from server.runtime import runtime
from tests.integration.builders import PASSWORD, Field
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.sending import send_photo

Make = Callable[[str], Phone]


def revoke(phone: Phone) -> None:
    with phone.app.app_context():
        scope_to(phone.field.jurisdiction_id)
        revoke_device(phone.device, "手机遗失")


def close(phone: Phone) -> None:
    """The person leaves the bureau."""
    with phone.app.app_context(), unit_of_work() as work:
        scope_to(phone.field.jurisdiction_id)
        work.get_one(Person, phone.field.people[phone.name]).is_active = False


def withdraw(phone: Phone) -> None:
    """The person no longer works in the field."""
    with phone.app.app_context(), unit_of_work() as work:
        scope_to(phone.field.jurisdiction_id)
        person = phone.field.people[phone.name]
        work.execute(delete(PersonRole).where(PersonRole.person_id == person))


def deliver(phone: Phone, path: str = "/api/v1/sync/push", **more: Any) -> Any:
    """Without cookie and CSRF token."""
    client: FlaskClient = phone.app.test_client()
    headers = {"Authorization": f"SuichaPush {more.pop('credential', phone.credential)}"}
    body = more.pop("json", None) or phone.envelope(phone.queue)
    return client.open(path, method=more.pop("method", "POST"), json=body, headers=headers)


def sign_in_again(phone: Phone) -> str:
    answer = phone.app.test_client().post(
        "/api/v1/session",
        json={
            "account": phone.name,
            "password": PASSWORD,
            "device": {"id": phone.device, "name": ""},
        },
    )
    credential: str = answer.get_json()["push_credential"]
    return credential


@pytest.mark.proves("I1 I4 I17", "F33")
@pytest.mark.parametrize("end", [revoke, close, withdraw])
def test_recorded_work_arrives_after_the_end_as_a_proposal_marked_revoked(
    phone: Make, field: Field, end: Callable[[Phone], None]
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    end(wang)
    answer = deliver(wang)
    assert answer.status_code == 200, answer.get_json()
    told = answer.get_json()["results"][0]
    assert told["status"] == "forbidden"
    again = deliver(wang).get_json()["results"][0]
    assert (again["replay"], again["proposal"]) == (True, told["proposal"])
    with wang.app.app_context():
        scope_to(field.jurisdiction_id)
        proposal = db.session.scalars(select(Proposal)).one()
        assert proposal.id == told["proposal"] and proposal.is_author_revoked
        assert proposal.payload["fields"] == {"value": "pass"}
        row = db.session.get(Entity, (field.space, "answer:tr/PAX-01"))
        assert row is None or row.fields.get("value") is None


@pytest.mark.proves("I17 I18", "F33")
def test_photo_of_a_revoked_phone_is_taken(phone: Make, field: Field) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = attach(wang, "PAX-01", data)
    revoke(wang)
    assert deliver(wang).get_json()["results"][0]["bytes"] == "wanted"
    sent = send_photo(wang, op, data, wang.credential)
    assert sent.status_code == 204, sent.get_json()
    with wang.app.app_context():
        scope_to(field.jurisdiction_id)
        assert db.session.scalars(select(Blob.sha256)).all() == [op["photo"]["sha256"]]
    headers = {"Authorization": f"SuichaPush {wang.credential}"}
    photo = f"/api/v1/photos/{op['photo']['sha256']}"
    read = wang.app.test_client().get(photo, headers=headers)
    assert (read.status_code, read.get_json()["error"]["code"]) == (401, "session.required")


def test_somebody_in_good_standing_is_asked_to_sign_in(phone: Make, field: Field) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    for credential in (wang.credential, "made-up"):
        answer = deliver(wang, credential=credential)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (
            401,
            "session.required",
        )
    with wang.app.app_context():
        scope_to(field.jurisdiction_id)
        assert db.session.scalars(select(Receipt).filter_by(kind="answer.set")).all() == []


def test_credential_of_a_revoked_phone_opens_nothing_else(phone: Make) -> None:
    wang = phone("wang")
    revoke(wang)
    for method, path in (
        ("POST", "/api/v1/sync/pull"),
        ("GET", "/api/v1/session"),
        ("DELETE", "/api/v1/session"),
        ("GET", "/api/v1/lib/tr-list@1"),
        ("GET", "/api/v1/custody-receipts/insp:1"),
    ):
        answer = deliver(wang, path, method=method)
        assert answer.status_code == 401, path
        assert answer.get_json()["error"]["code"] == "session.required"
    page = wang.app.test_client().get(
        "/inspections", headers={"Authorization": f"SuichaPush {wang.credential}"}
    )
    assert page.status_code == 302 and "/sign-in" in page.headers["Location"]


@pytest.mark.proves("I17", "F33")
def test_session_opened_on_a_revoked_phone_reads_nothing_from_that_moment(phone: Make) -> None:
    wang = phone("wang")
    assert wang.client.get("/api/v1/lib/tr-list@1").status_code == 200
    revoke(wang)
    for answer in (
        wang.client.get("/api/v1/lib/tr-list@1"),
        wang.post("/api/v1/sync/pull", {}),
        wang.client.get("/api/v1/custody-receipts/insp:1"),
    ):
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "device.revoked")
        assert answer.get_json()["error"]["details"] == {"wipe": False}
    renamed = wang.push([wang.set("PAX-01", {"value": "pass"})], device="dev_renamed").get_json()
    assert renamed["results"][0]["status"] == "forbidden"
    again = wang.push([], device="dev_renamed")
    assert again.status_code == 200
    refused = wang.app.test_client().post(
        "/api/v1/session",
        json={
            "account": "wang",
            "password": PASSWORD,
            "device": {"id": "dev_renamed", "name": ""},
        },
    )
    assert refused.get_json()["error"]["code"] == "device.revoked"


@pytest.mark.proves("I17", "F2 F33")
def test_phone_that_lost_the_answers_of_later_sign_ins_is_not_cut_off(phone: Make) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    for _ in range(4):
        sign_in_again(wang)
    revoke(wang)
    assert deliver(wang).get_json()["results"][0]["status"] == "forbidden"


def test_use_of_a_newer_credential_ends_the_older_ones(phone: Make, field: Field) -> None:
    wang = phone("wang")
    newer = sign_in_again(wang)
    revoke(wang)
    assert deliver(wang, credential=newer).status_code == 200
    assert deliver(wang).status_code == 401
    assert deliver(wang, credential=newer).status_code == 200
    with wang.app.app_context():
        scope_to(field.jurisdiction_id)
        used = db.session.scalars(select(AuditEvent).filter_by(action="device.push_only_used"))
        assert [event.target for event in used] == [wang.device]


def test_only_the_hash_of_a_credential_is_stored_and_five_are_kept(phone: Make) -> None:
    wang = phone("wang")
    given = [wang.credential, *(sign_in_again(wang) for _ in range(6))]
    with wang.app.app_context():
        rows = db.session.scalars(select(PushCredential).filter_by(device_id=wang.device)).all()
        assert len(rows) == 5
        assert not {row.sha256 for row in rows} & set(given)


@pytest.mark.proves("I17", "F15 F33")
def test_renamed_phone_keeps_its_credential(phone: Make, field: Field) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    assert wang.push([], device="dev_renamed").status_code == 200
    wang.device = "dev_renamed"
    revoke(wang)
    told = deliver(wang).get_json()["results"]
    assert [(one["op"], one["status"]) for one in told] == [(op["op"], "forbidden")]
    pulled = wang.post("/api/v1/sync/pull", {})
    assert pulled.get_json()["error"]["code"] == "device.revoked"


def test_guessing_credentials_is_throttled_per_address(phone: Make, app: Flask) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    revoke(wang)
    with app.app_context():
        limit = runtime().config.sign_in_attempts * 10
    for number in range(limit):
        assert deliver(wang, credential=f"guess-{number}").status_code == 401
    answer = deliver(wang, credential="one more")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (429, "request.throttled")
    assert int(answer.headers["Retry-After"]) > 0
    assert deliver(wang).status_code == 429, "a right one waits too: it would tell itself apart"


def test_header_goes_before_a_cookie_and_needs_no_token(phone: Make) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    revoke(wang)
    headers = {"Authorization": f"SuichaPush {wang.credential}"}
    body = wang.envelope(wang.queue)
    assert wang.client.post("/api/v1/sync/push", json=body, headers=headers).status_code == 200
    assert wang.client.post("/api/v1/sync/push", json=body).status_code == 400
