"""Pull: whole operations, no skipped change, one snapshot, and the same rows everywhere."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db, unit_of_work
from server.fieldsync import service
from server.fieldsync.models import Space
from server.fieldsync.spaces import lock_space
from sync.cursor import Mark, digest_space
from tests.integration.builders import Field
from tests.integration.fieldsync.day import attach, fill, make_jpeg, submit
from tests.integration.fieldsync.phone import Answer, Phone

pytestmark = pytest.mark.both

Make = Callable[[str], Phone]


def ask(phone: Phone, spaces: dict[str, int], **more: object) -> Answer:
    body = {"device": phone.device, "epoch": phone.epoch, "schema": 1, "spaces": spaces, **more}
    answer = phone.post("/api/v1/sync/pull", body)
    assert answer.status_code == 200, answer.get_json()
    found: Answer = answer.get_json()
    return found


def digest_of(phone: Phone) -> str:
    own = (row for key, row in phone.rows.items() if key.startswith(f"{phone.field.space} "))
    return digest_space(Mark(row["t"], row["id"], row["seq"]) for row in own)


def test_first_pull_tells_the_scope_and_the_rows_of_the_draw(field: Field, phone: Make) -> None:
    wang = phone("wang")
    user = f"user:{field.people['wang']}"
    first = ask(wang, {})
    assert first["scope"] == [user, field.space] and first["pages"] == {}
    assert (
        first["device"] == {"last_seq": 0, "durable_seq": 0, "wipe": False} and first["left"] == []
    )
    wang.pull()
    assert wang.rows[f"{user} assignment:{field.inspection_id}"]["fields"] == {"space": field.space}
    sheet = wang.row("sheet:tr")["fields"]
    assert sheet["state"] == "open"
    assert sheet["lists"] == [{"list": "tr-list@1", "items": ["PAX-01", "PAX-02", "PAX-03"]}]
    assert wang.row(f"inspection:{field.inspection_id}")["fields"]["may"] == ["tr"]
    zhao = phone("zhao")
    zhao.pull()
    assert zhao.row(f"inspection:{field.inspection_id}")["fields"]["may"] == ["mr"]


def test_small_pages_bring_the_same_rows_and_the_servers_digest(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    fill(wang)
    submit(wang)
    wang.results()
    whole = wang.pull()
    last = li.pull(limit=1)
    insp = wang.field.space
    assert {k: v for k, v in li.rows.items() if k.startswith(insp)} == {
        k: v for k, v in wang.rows.items() if k.startswith(insp)
    }
    assert last["pages"][insp]["digest"] == digest_of(li) == whole["pages"][insp]["digest"]


def test_page_never_ends_inside_an_operation(field: Field, phone: Make) -> None:
    wang = phone("wang")
    page = ask(wang, {field.space: 0}, limit=1)["pages"][field.space]
    assert [row["seq"] for row in page["rows"]] == [1, 1, 1]  # the draw's head and two sheets
    assert (page["from"], page["to"], page["more"]) == (0, 1, False)


def test_pull_at_the_cursor_brings_nothing_and_the_digest(field: Field, phone: Make) -> None:
    wang = phone("wang")
    wang.pull()
    page = ask(wang, wang.cursor)["pages"][field.space]
    assert page["rows"] == [] and page["more"] is False
    assert page["digest"] == digest_of(wang)


@pytest.mark.proves("I6", "F14 F29")
def test_other_epoch_or_a_cursor_beyond_ours_starts_again_at_0(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    page = ask(wang, {field.space: 999})["pages"][field.space]
    assert page["from"] == 0 and len(page["rows"]) == 3
    with app.app_context():
        epoch = service.start_epoch()
    answer = ask(wang, {field.space: 1})
    assert answer["epoch"] == epoch
    assert answer["pages"][field.space]["from"] == 0


def test_strange_spaces_are_left_and_not_read(field: Field, phone: Make) -> None:
    stranger = phone("stranger")
    foreign = {field.space: 0, f"user:{field.people['wang']}": 0, "insp:999": 0}
    answer = ask(stranger, foreign)
    assert answer["pages"] == {}
    assert sorted(one["space"] for one in answer["left"]) == sorted(foreign)


@pytest.mark.proves("I5 I6", "F28")
def test_cursor_skips_no_row_under_concurrent_commits(
    app: Flask, field: Field, phone: Make
) -> None:
    """Writers and a reader at once: what the reader gathers by cursor alone is everything."""
    wang, li, reader = phone("wang"), phone("li"), phone("wang")
    reader.pull()
    done = threading.Event()
    failures: list[BaseException] = []

    def write(author: Phone, item: str) -> None:
        try:
            head = None
            for n in range(12):
                op = author.set(item, {"note": f"{author.name} {n}"}, {"note": head})
                assert author.result(op)["status"] == "applied"
                head = op["op"]
        except BaseException as error:
            failures.append(error)

    threads = [
        threading.Thread(target=write, args=(wang, "PAX-01")),
        threading.Thread(target=write, args=(li, "PAX-02")),
    ]

    def read() -> None:
        try:
            while not done.is_set():
                reader.pull(limit=2)
                assert_digest(reader)
        except BaseException as error:
            failures.append(error)

    def assert_digest(one: Phone) -> None:
        page = ask(one, {field.space: one.cursor[field.space]})["pages"][field.space]
        if not page["rows"]:
            assert page["digest"] == digest_of(one)

    watcher = threading.Thread(target=read)
    for thread in (*threads, watcher):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    assert failures == []
    reader.pull()
    fresh = phone("li")
    fresh.pull()
    own = {k: v for k, v in reader.rows.items() if k.startswith(field.space)}
    assert own == {k: v for k, v in fresh.rows.items() if k.startswith(field.space)}
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I1 I6 I12", "F28")
def test_number_is_taken_under_the_spaces_lock(app: Flask, field: Field, phone: Make) -> None:
    """While one writer holds the space another waits: numbers are committed in order."""
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    answered: list[Answer] = []
    thread = threading.Thread(target=lambda: answered.append(wang.result(op)))
    with app.app_context(), unit_of_work():
        space = lock_space(field.space)
        assert space is not None
        thread.start()
        thread.join(0.5)
        assert answered == []
        service.write_rows(
            jurisdiction_id=field.jurisdiction_id,
            space=field.space,
            kind="inspection.publish",
            person_id=None,
            rows=[service.RowWrite("inspection", "inspection:0", {"number": "x"})],
            at=app.extensions["suicha"].clock(),
        )
        held = space.counter
    thread.join()
    assert answered[0]["space_seq"] == held + 1


def test_library_answers_a_checklist_by_reference_with_an_etag(phone: Make) -> None:
    wang = phone("wang")
    answer = wang.client.get("/api/v1/lib/tr-list@1")
    body = answer.get_json()
    assert (body["code"], body["version"]) == ("tr-list", 1)
    assert [one["code"] for one in body["items"]] == ["PAX-01", "PAX-02", "PAX-03"]
    etag = answer.headers["ETag"]
    again = wang.client.get("/api/v1/lib/tr-list@1", headers={"If-None-Match": etag})
    assert again.status_code == 304 and again.data == b""
    assert wang.client.get("/api/v1/lib/tr-list@9").status_code == 404


def test_space_counter_equals_the_ledger(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    fill(wang)
    wang.results()
    with app.app_context():
        counters = dict(db.session.execute(select(Space.name, Space.counter)).all())
        assert counters[field.space] == wang.pull()["pages"][field.space]["to"]
        assert service.verify_ledger() == []


def test_long_answer_is_compressed_for_who_reads_it_and_says_the_same(phone: Make) -> None:
    wang = phone("wang")
    wang.result(wang.set("PAX-03", {"note": "现场抽查车辆道路运输证" * 150}))
    spaces = {wang.field.space: 0}
    body = {"device": wang.device, "epoch": wang.epoch, "schema": 1, "spaces": spaces}
    headers = {"X-CSRF-Token": wang.csrf}
    plain = wang.client.post("/api/v1/sync/pull", json=body, headers=headers)
    small = wang.client.post(
        "/api/v1/sync/pull", json=body, headers={**headers, "Accept-Encoding": "gzip"}
    )
    assert plain.content_encoding is None and small.content_encoding == "gzip"
    assert "Accept-Encoding" in plain.vary and "Accept-Encoding" in small.vary
    assert len(small.data) < len(plain.data) / 4
    assert json.loads(gzip.decompress(small.data))["pages"] == plain.get_json()["pages"]


def test_a_phone_is_told_of_another_departments_sheet_how_far_it_is_and_nothing_of_what_was_found(
    field: Field, phone: Make
) -> None:
    wang, zhao = phone("wang"), phone("zhao")
    fill(wang)
    attach(wang, "answer:tr/PAX-01", make_jpeg())
    submit(wang)
    assert {one["status"] for one in wang.results()} == {"applied"}
    zhao.result(zhao.set("mr/MR-01", {"value": "pass", "note": "亮证经营"}))
    wang.pull()
    zhao.pull()
    # Its own whole, the other's as a place and a number: every row is there, so the digest holds.
    assert wang.row("answer:tr/PAX-02")["fields"]["note"] == "抽查5台"
    assert zhao.row("answer:mr/MR-01")["fields"]["note"] == "亮证经营"
    for reader, code in ((zhao, "tr"), (wang, "mr")):
        others = [one for one in reader.rows.values() if one["id"].startswith(f"answer:{code}/")]
        assert others and all(
            (one["fields"], one["heads"], one["siblings"]) == ({}, {}, []) for one in others
        )
        assert digest_of(reader) == ask(reader, {field.space: 0})["pages"][field.space]["digest"]
    sent = json.dumps(zhao.rows, ensure_ascii=False)
    assert (
        "抽查5台" not in sent
        and "台账齐全" not in sent
        and "strokes" not in sent
        and "sha256" not in sent
    )
    assert zhao.row("sheet:tr")["fields"]["state"] == "submitted"
    signed = [one for one in zhao.rows.values() if one["t"] in ("signature", "checkin")]
    assert signed and all(one["fields"] == {"sheet": "tr"} for one in signed)
