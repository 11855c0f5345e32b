"""Other people's things: counties, departments, phones, sessions, decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.day import RESULTS, attach, make_jpeg
from tests.integration.fieldsync.phone import Phone, new_id
from tests.integration.fieldsync.test_files import create, declare, upload
from tests.integration.hostile.test_bad_input import dump, sign_in

Make = Callable[[str], Phone]


@pytest.fixture
def other(app: Flask, field: Field) -> Field:
    """A second county in the same database."""
    with app.app_context():
        return build_field("140523", "2")


@pytest.mark.both
def test_another_county_is_not_there(app: Flask, field: Field, other: Field, phone: Make) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = declare(wang, data)
    assert upload(wang, op, data).status_code == 204
    sha = op["photo"]["sha256"]
    before = dump(app)
    place = f"/inspections/{field.inspection_id}"
    reading = (
        place, "/draws/1", "/draws/1/screen", "/draws/1/screen.json", "/draws/1/record.json",
        "/tasks/1", "/plans/1", "/registry/firms/1",
    )  # fmt: skip
    for account in ("office2", "lead2", "auditor2", "head2", "wang2"):
        client = sign_in(app, account)
        for path in reading:
            assert client.get(path).status_code == 404, (account, path)
        assert client.get(f"/api/v1/photos/{sha}").status_code == 404
        shown = client.get("/registry/checklists/tr-list@1")
        assert shown.status_code == 200, "that is the own county's list of the same name"
    app.config["WTF_CSRF_ENABLED"] = False
    sent = {"reason": "x", "planned_on": "2026-05-05", "seed": "12345678", "seed_source": "x"}
    for account in ("office2", "lead2", "wang2"):
        client = sign_in_again(app, account)
        for path in (
            f"{place}/plan", f"{place}/tr/accept", f"{place}/tr/return", f"{place}/tr/enter",
            "/draws/1/run", "/draws/1/meeting", "/draws/1/rolls", "/draws/1/rolls/done",
            "/draws/1/draw", "/draws/1/redraw", "/redraws/1/decide", "/draws/1/withdraw",
            "/draws/1/verify", "/tasks/1/freeze",
            "/tasks/1/no-draw", "/account/sessions/1/revoke",
        ):  # fmt: skip
            assert client.post(path, data=sent).status_code in {403, 404}, (account, path)
    app.config["WTF_CSRF_ENABLED"] = True
    assert dump(app) == before


def sign_in_again(app: Flask, account: str) -> Any:
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


def test_a_phone_of_another_county_reads_and_writes_nothing_here(
    app: Flask, field: Field, other: Field, phone: Make
) -> None:
    wang, stranger = phone("wang"), Phone(app, other, "wang2")
    wang.set("PAX-01", {"value": "pass"})
    assert wang.results()[0]["status"] == "applied"
    if other.space == field.space:
        pytest.fail("two counties never share a space")
    late = stranger.make(
        "answer.set", "answer:tr/PAX-01", {"value": "fail"}, base={"value": None}, space=field.space
    )
    told = stranger.result(late)
    assert (told["status"], told["error"]["code"]) == ("invalid", "op.unknown_entity")
    spaces = {field.space: 0, f"user:{field.people['wang']}": 0}
    plain = {"schema": 1, "spaces": spaces, "limit": 5}
    body = {"device": stranger.device, "epoch": stranger.epoch, **plain}
    pulled = stranger.post("/api/v1/sync/pull", body).get_json()
    assert pulled["pages"] == {} and {one["space"] for one in pulled["left"]} == set(spaces)
    stolen = stranger.make(
        "answer.set", "answer:tr/PAX-01", {"value": "fail"}, base={"value": None}
    )
    stolen["op"] = wang.queue[0]["op"]
    told = stranger.result(stolen)
    assert (told["status"], told["error"]["code"]) == ("invalid", "op.id_reuse")


def test_bytes_of_another_county_are_not_ours(
    app: Flask, field: Field, other: Field, phone: Make
) -> None:
    """Equal bytes are known to one county only: the other must send them itself."""
    wang, stranger = phone("wang"), Phone(app, other, "wang2")
    data = make_jpeg()
    op = declare(wang, data)
    assert upload(wang, op, data).status_code == 204
    theirs = declare(stranger, data)
    told = stranger.result(theirs)
    assert told["bytes"] == "wanted"
    assert create(stranger, theirs, len(data)).headers["Upload-Offset"] == "0"


def test_a_device_of_somebody_else_is_told_to_take_another_name(
    app: Flask, field: Field, other: Field, phone: Make
) -> None:
    mine, colleague, stranger = phone("wang"), phone("li"), Phone(app, other, "wang2")
    for thief in (colleague, stranger):
        push = thief.client.post(
            "/api/v1/sync/push",
            json={**thief.envelope([]), "device": mine.device},
            headers={"X-CSRF-Token": thief.csrf},
        )
        body = {
            "device": mine.device, "epoch": thief.epoch, "schema": 1, "spaces": {}, "limit": 5,
        }  # fmt: skip
        for answer in (push, thief.post("/api/v1/sync/pull", body)):
            assert answer.status_code == 409
            assert answer.get_json()["error"]["code"] == "device.bound"


def test_what_others_may_do_is_kept_as_a_proposal_and_not_done(
    app: Flask, field: Field, phone: Make
) -> None:
    """(who, kind, entity, fields, more): each is refused for lack of right, and kept."""
    entry = {"seen": {}, "digest": "0" * 64}
    propose = {"value": "fail", "reason": "看错了"}
    tries: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
        ("wang", "sheet.accept", "sheet:tr", {}, {}),
        ("wang", "sheet.return", "sheet:tr", {"reason": "x"}, {}),
        ("wang", "sheet.enter", "sheet:mr", {"results": {"MR-01": 1}}, entry),
        ("wang", "answer.set", "answer:mr/MR-01", {"value": "pass"}, {"base": {"value": None}}),
        ("wang", "sheet.submit", "sheet:mr", {"ended_on": "2026-03-04"}, {}),
        ("lead", "sheet.accept", "sheet:mr", {}, {}),
        ("lead", "sheet.enter", "sheet:tr", {"results": RESULTS}, entry),
        ("lead", "answer.set", "answer:tr/PAX-01", {"value": "pass"}, {"base": {"value": None}}),
        ("zhao", "sheet.enter", "sheet:tr", {"results": RESULTS}, entry),
        ("zhao", "correction.propose", "answer:tr/PAX-01", propose, {}),
        ("stranger", "answer.set", "answer:tr/PAX-01", {"note": "x"}, {"base": {"note": None}}),
        ("stranger", "correction.propose", "answer:tr/PAX-01", propose, {}),
        ("stranger", "sheet.accept", "sheet:tr", {}, {}),
        (
            "stranger", "checkin.add", f"checkin:{new_id()}",
            {"sheet": "tr", "officer_id": field.officers["wang"], "place": None}, {},
        ),
    ]  # fmt: skip
    phones: dict[str, Phone] = {}
    before = dump(app)
    for who, kind, entity, fields, more in tries:
        one = phones.setdefault(who, phone(who))
        told = one.result(one.make(kind, entity, fields, **more))
        assert (told["status"], told["error"]["code"]) == ("forbidden", "access.denied"), (
            who,
            kind,
        )
        assert told["proposal"].startswith("prop_")
    after = dump(app)
    for table in ("sheets", "inspections", "sheet_versions", "blobs"):
        assert after[table] == before[table]
    rows = {json.loads(row)[2] for row in set(after["entities"]) - set(before["entities"])}
    assert rows == {"proposal", "notice"}  # kept, and said to whom it concerns
    assert len(after["proposals"]) == len(tries)


def test_who_has_no_phone_work_has_no_sync(app: Flask, field: Field) -> None:
    for account in ("office", "auditor", "head"):
        desk = Phone(app, field, account)
        told = desk.push([])
        assert (told.status_code, told.get_json()["error"]["code"]) == (403, "access.denied")


def test_proposals_show_in_their_authors_own_space_only(
    app: Flask, field: Field, phone: Make
) -> None:
    stranger, zhao = phone("stranger"), phone("zhao")
    op = stranger.set("PAX-01", {"value": "pass", "note": "我在门口看见的"})
    assert stranger.result(op)["status"] == "forbidden"
    zhao.pull()
    assert "我在门口看见的" not in json.dumps(zhao.rows, ensure_ascii=False)
    stranger.pull()
    assert "我在门口看见的" in json.dumps(stranger.rows, ensure_ascii=False)
    body = {
        "device": zhao.device, "epoch": zhao.epoch, "schema": 1, "limit": 5,
        "spaces": {f"user:{field.people['stranger']}": 0},
    }  # fmt: skip
    assert zhao.post("/api/v1/sync/pull", body).get_json()["pages"] == {}


def test_cookies_and_caches(app: Flask, field: Field, phone: Make) -> None:
    client = app.test_client()
    answer = client.post(
        "/api/v1/session",
        json={
            "account": "wang", "password": PASSWORD, "device": {"id": "dev_cookie1", "name": ""},
        },
    )  # fmt: skip
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    office = sign_in(app, "office")
    for path in ("/", "/inspections", "/registry/firms", "/account", "/draws/1/record.json"):
        answer = office.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_naming_somebody_elses_photo_opens_nothing(app: Flask, field: Field, phone: Make) -> None:
    """Whoever knows a hash may put it into an operation; it is kept, but shows no bytes."""
    wang = phone("wang")
    data = make_jpeg(colour="green")
    op = declare(wang, data)
    assert upload(wang, op, data).status_code == 204
    path = f"/api/v1/photos/{op['photo']['sha256']}"
    for name in ("zhao", "stranger"):
        thief = phone(name)
        forged = attach(thief, "PAX-01", data)
        assert thief.result(forged)["status"] == "forbidden"
        for one in (path, f"{path}/thumb"):
            answer = thief.client.get(one)
            assert (answer.status_code, answer.get_json()["error"]["code"]) == (
                404, "photo.not_found",
            )  # fmt: skip
        assert create(thief, forged, len(data)).status_code == 201
        assert thief.client.get(path).status_code == 404
    answer = wang.client.get(path)
    assert answer.status_code == 200
    answer.close()


def test_a_forbidden_photo_is_shown_to_who_took_it(app: Flask, field: Field, phone: Make) -> None:
    stranger, zhao = phone("stranger"), phone("zhao")
    data = make_jpeg(colour="orange")
    op = attach(stranger, "PAX-01", data)
    assert stranger.result(op)["status"] == "forbidden"
    assert upload(stranger, op, data).status_code == 204
    path = f"/api/v1/photos/{op['photo']['sha256']}"
    answer = stranger.client.get(path)
    assert answer.status_code == 200
    answer.close()
    assert zhao.client.get(path).status_code == 404
