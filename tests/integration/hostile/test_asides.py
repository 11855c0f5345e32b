"""What nobody sealed takes no operation's id: a copy of the phone's work, honest or altered, that
comes in a file before or after the phone speaks changes nothing for the phone (protocol 13.8)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, func, select, update

from server.audit.models import AuditEvent
from server.corrections.strays import take_over
from server.db import db, scope_to
from server.devices.service import ImportReport, import_unsent
from server.fieldsync.models import Blob, Entity, LedgerEntry, Proposal, Receipt
from server.fieldsync.receiving import judge as judging
from server.fieldsync.receiving.asides import aside_id
from server.fieldsync.service import Source, check_ledger, find_source, verify_ledger
from tests.conftest import ON_SQLITE
from tests.integration.builders import Field
from tests.integration.devices.unsent import make_file
from tests.integration.fieldsync.day import attach, lock_sheet, make_jpeg
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.test_ledger import unguarded
from tests.integration.inspections.test_inspection_pages import sign_in

Make = Callable[[str], Phone]


@pytest.fixture
def desk(app: Flask, field: Field) -> Any:
    """A context with the county in sight."""
    with app.app_context():
        scope_to(field.jurisdiction_id)
        yield field


def take(phone: Phone, ops: list[Answer], photos: tuple[bytes, ...] = ()) -> ImportReport:
    return import_unsent(None, make_file(phone, ops, photos, outside={"mac": "0" * 64}))


def altered(op: Answer, **fields: Any) -> Answer:
    """Another content under the same id and number."""
    return {**copy.deepcopy(op), "fields": fields}


def strays(phone: Phone) -> dict[str, Proposal]:
    """What came in files of this phone's person, by its value."""
    db.session.expire_all()
    found = db.session.scalars(select(Proposal).where(Proposal.status == "forbidden"))
    mine = [one for one in found if one.person_id == phone.field.people[phone.name]]
    return {str((one.payload.get("fields") or {}).get("value")): one for one in mine}


def value_of(field: Field, item: str) -> Any:
    db.session.expire_all()
    row = db.session.get(Entity, (field.space, f"answer:tr/{item}"))
    return row.fields["value"] if row is not None else None


def alarms() -> int:
    query = select(func.count()).select_from(AuditEvent).filter_by(action="op.id_reuse")
    return db.session.scalar(query) or 0


def counts() -> list[int | None]:
    tables = (Receipt, LedgerEntry, Entity, Proposal, Blob)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.proves("I1 I4 I21", "F33")
def test_phone_is_answered_as_if_the_file_had_never_come(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": "台账齐全"})
    found = take(wang, [mine, {**altered(mine, value="伪造"), "seq": 2}])
    assert found.statuses == {"forbidden": 2}, "both are kept, also two under one id"
    answer = wang.push([mine]).get_json()
    told = answer["results"][0]
    assert (told["status"], told["replay"], told["op"]) == ("applied", False, mine["op"])
    assert answer["fork"] is False and answer["device"]["last_seq"] == 1
    assert value_of(desk, "PAX-03") == "台账齐全"
    kept = strays(wang)
    assert {one.payload["op"] for one in kept.values()} == {mine["op"]}, "they name their origin"
    assert mine["op"] not in {one.op for one in kept.values()}
    sources = {value: find_source(one) for value, one in kept.items()}
    assert sources == {"台账齐全": Source.SAME, "伪造": Source.ALTERED}
    assert wang.push([mine]).get_json()["results"][0]["replay"] is True
    assert verify_ledger() == []


@pytest.mark.proves("I2 I21", "F5")
def test_file_handed_in_twice_changes_nothing_also_renumbered(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    ops = [wang.set("PAX-03", {"value": "一"}), wang.set("PAX-01", {"value": "pass"})]
    assert take(wang, ops).statuses == {"forbidden": 2}
    before = counts()
    assert take(wang, ops).statuses == {"replay": 2}
    moved = [{**copy.deepcopy(one), "seq": one["seq"] + 7, "mono_ms": 5} for one in ops]
    assert take(wang, moved).statuses == {"replay": 2}
    assert counts() == before
    assert all(find_source(one) is Source.ALONE for one in strays(wang).values())


@pytest.mark.proves("I2 I4", "F5")
def test_what_the_phone_delivered_is_known_and_what_differs_from_it_is_kept_as_altered(
    phone: Make, desk: Field
) -> None:
    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": "台账齐全"})
    wang.results([mine])
    before = counts()
    assert take(wang, [mine]).statuses == {"replay": 1}
    assert counts() == before and alarms() == 0
    assert take(wang, [altered(mine, value="伪造")]).statuses == {"forbidden": 1}
    assert alarms() == 1 and find_source(strays(wang)["伪造"]) is Source.ALTERED
    assert take(wang, [altered(mine, value="伪造")]).statuses == {"replay": 1}
    assert alarms() == 1
    again = wang.push([mine]).get_json()["results"][0]
    assert (again["status"], again["replay"]) == ("applied", True)
    assert verify_ledger() == []


@pytest.mark.proves("I9 I12", "F16")
def test_altered_copy_of_what_waits_is_kept_and_what_waits_goes_on_waiting(
    phone: Make, desk: Field
) -> None:
    wang = phone("wang")
    first, second = wang.set("PAX-01", {"value": "pass"}), wang.set("PAX-03", {"value": "一"})
    assert wang.push([second]).status_code == 409
    assert take(wang, [altered(second, value="伪造")]).statuses == {"forbidden": 1}
    assert take(wang, [second]).statuses == {"held": 1}
    told = wang.results([first, second])
    assert [one["status"] for one in told] == ["applied", "applied"]
    assert value_of(desk, "PAX-03") == "一"


@pytest.mark.proves("I8 I2", "F33 F36")
@pytest.mark.parametrize(
    ("sent", "status"), [("台账齐全", "merged"), ("台账缺页", "conflict")], ids=["equal", "other"]
)
def test_phone_meets_what_a_colleague_took_over_like_anybody_elses_words(
    phone: Make, desk: Field, sent: str, status: str
) -> None:
    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": sent})
    take(wang, [altered(mine, value="台账齐全")])
    take_over(desk.actor("li"), strays(wang)["台账齐全"].id, "核对属实")
    assert wang.results([mine])[0]["status"] == status
    assert value_of(desk, "PAX-03") == "台账齐全"
    siblings = db.session.get_one(Entity, (desk.space, "answer:tr/PAX-03")).siblings
    assert [one["op"] for one in siblings] == ([mine["op"]] if status == "conflict" else [])
    assert verify_ledger() == []


@pytest.mark.proves("I3 I4", "F33 F34")
def test_after_the_lock_the_phones_own_operation_is_late_work_with_a_proposal_of_its_own(
    phone: Make, desk: Field
) -> None:
    wang, _lead = lock_sheet(phone)
    mine = wang.set("PAX-03", {"value": "台账缺页"})
    take(wang, [mine])
    told = wang.results([mine])[0]
    assert told["status"] == "rejected_locked"
    kept = {one.id: one for one in db.session.scalars(select(Proposal))}
    assert len(kept) == 2 and kept[told["proposal"]].op == mine["op"]
    assert {one.status for one in kept.values()} == {"forbidden", "rejected_locked"}
    assert verify_ledger() == []


@pytest.mark.proves("I4 I12", "F33")
def test_group_and_what_refers_to_one_another_is_kept_whole_and_later_judged_whole(
    phone: Make, desk: Field
) -> None:
    """``base`` and ``resolves`` name operations of the same file, none of which takes effect."""
    wang = phone("wang")
    first = wang.set("PAX-03", {"value": "一"}, group="g")
    more = {"group": "g", "resolves": [first["op"]]}
    second = wang.set("PAX-03", {"value": "二"}, base={"value": first["op"]}, **more)
    other = wang.set("PAX-01", {"value": "pass"}, group="g")
    found = take(wang, [first, second, other])
    assert found.statuses == {"forbidden": 3}
    assert strays(wang)["二"].payload["base"] == {"value": first["op"]}
    before = counts()
    assert take(wang, [first, second, other]).statuses == {"replay": 3} and counts() == before
    told = wang.results([first, second, other])
    assert [(one["status"], one["replay"]) for one in told] == [("applied", False)] * 3
    assert value_of(desk, "PAX-03") == "二"
    half = take(wang, [first, altered(second, value="三"), other])
    assert half.statuses == {"replay": 2, "forbidden": 1}, "known ones are no part of the group"
    assert verify_ledger() == []


@pytest.mark.proves("I18", "F19")
def test_photo_of_such_a_file_is_stored_and_the_phones_own_needs_no_bytes(
    phone: Make, desk: Field
) -> None:
    wang = phone("wang")
    early, late = make_jpeg(colour="green"), make_jpeg(colour="red")
    ops = [attach(wang, "PAX-01", early), attach(wang, "PAX-01", late)]
    wang.results(ops[:1])
    found = take(wang, ops, (early, late))
    assert (found.statuses, found.photos_refused) == ({"forbidden": 1, "replay": 1}, [])
    told = wang.results(ops[1:])[0]
    assert (told["status"], told["bytes"]) == ("applied", "stored")
    for op in ops:
        row = db.session.get_one(Entity, (desk.space, f"photo:{op['photo']['sha256']}"))
        assert row.fields["stored"] is True
    assert take(wang, ops, (early, late)).photos_refused == []
    assert verify_ledger() == []


def test_custody_receipt_names_nothing_that_nobody_sealed(phone: Make, desk: Field) -> None:
    """Or a forged photo without bytes would keep a person's receipt from ever being complete, and
    a phone would let go of work that has only come in a file."""
    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": "一"})
    wang.results([mine])
    forged, real = attach(wang, "PAX-01", make_jpeg()), wang.set("PAX-01", {"value": "pass"})
    take(wang, [forged, real])
    answer = wang.client.get(f"/api/v1/custody-receipts/{desk.space}").get_json()["receipt"]
    assert [one["op"] for one in answer["ops"]] == [mine["op"]]
    assert (answer["photos_declared"], answer["is_complete"]) == (0, True)


@pytest.mark.proves("I12", "F26")
def test_file_that_met_a_defect_of_ours_is_judged_when_it_is_handed_in_again(
    phone: Make, desk: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("a defect")

    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": "一"})
    with monkeypatch.context() as broken:
        broken.setattr(judging, "apply_operation", fail)
        assert take(wang, [mine]).statuses == {"held": 1}
    assert take(wang, [mine]).statuses == {"forbidden": 1}
    assert wang.results([mine])[0]["status"] == "applied"
    assert len(strays(wang)) == 1 and verify_ledger() == []


def test_verification_knows_the_id_a_payload_was_set_aside_under(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": "一"})
    take(wang, [mine])
    kept = strays(wang)["一"]
    receipt = db.session.get_one(Receipt, kept.op)
    assert kept.op == aside_id(mine["op"], receipt.payload_sha256)
    assert aside_id(mine["op"], "0" * 64) != kept.op != aside_id(kept.op, receipt.payload_sha256)
    with unguarded() as connection:
        table = Receipt.__table__
        assert isinstance(table, Table)
        assert check_ledger(connection).problems == []
        connection.execute(update(table).where(table.c.op == kept.op).values(side_device=None))
        problems = check_ledger(connection).problems
    assert any("another operation's" in one for one in problems)


@ON_SQLITE
@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh_CN", ("未通过核验", "尚未送达同一编号", "内容相同", "文件可能被改动过")),
        ("en", ("Origin not proven", "not delivered this record", "the same", "been altered")),
    ],
)
def test_page_says_that_nobody_sealed_it_and_what_the_phone_itself_says(
    app: Flask, phone: Make, desk: Field, locale: str, words: tuple[str, str, str, str]
) -> None:
    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": "台账齐全"})
    take(wang, [mine, {**altered(mine, value="伪造"), "seq": 2}])
    app.config["WTF_CSRF_ENABLED"] = False
    lead = sign_in(app, "lead")
    lead.post("/language", data={"locale": locale})
    badge, alone, same, other = words
    at = {value: f"/corrections/{one.id}" for value, one in strays(wang).items()}
    for path in at.values():
        page = lead.get(path).text
        assert badge in page and alone in page and "送达人不在检查组" not in page
    wang.results([mine])
    assert same in lead.get(at["台账齐全"]).text
    changed = lead.get(at["伪造"]).text
    assert other in changed and "已经另行更正" not in changed, "nobody asked for a correction"
