"""Unsent work that comes in a file (docs/protocol 13.8): the same push, the same rights, once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.errors import Fault
from server.accounts.models import Device
from server.accounts.service import revoke_device
from server.audit.models import AuditEvent
from server.db import db, scope_to
from server.devices.service import ImportReport, import_unsent
from server.fieldsync.models import Blob, Entity, LedgerEntry, Proposal, Receipt
from server.fieldsync.replay.ledger import verify_ledger
from tests.conftest import ON_SQLITE
from tests.integration.builders import Field
from tests.integration.devices.unsent import make_file
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


@pytest.fixture
def desk(app: Flask, field: Field) -> Any:
    """A context with the county in sight."""
    with app.app_context():
        scope_to(field.jurisdiction_id)
        yield field


def take(phone: Phone, ops: list[Any], photos: tuple[bytes, ...] = (), **more: Any) -> ImportReport:
    return import_unsent(None, make_file(phone, ops, photos, **more))


def counts() -> list[int | None]:
    tables = (Receipt, LedgerEntry, Entity, Proposal, Blob)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.proves("I1", "F17")
@pytest.mark.proves("I2 I21", "F5")
def test_file_has_the_effect_its_phone_would_have_had_and_only_once(
    phone: Make, desk: Field
) -> None:
    wang = phone("wang")
    data = make_jpeg()
    ops = [wang.set("PAX-01", {"value": "pass"}), attach(wang, "PAX-01", data)]
    wang.results(ops[:1])
    found = take(wang, ops, (data,))
    assert found.is_proven and found.missing is None
    assert found.statuses == {"applied": 1, "replay": 1}
    assert found.photos_refused == []
    photo = db.session.get_one(Entity, (desk.space, f"photo:{ops[1]['photo']['sha256']}"))
    assert photo.fields["stored"] is True
    before = counts()
    again = take(wang, ops, (data,))
    assert again.statuses == {"replay": 2} and counts() == before
    assert wang.push().get_json()["results"][1]["replay"] is True
    assert verify_ledger() == []
    event = db.session.scalars(select(AuditEvent).filter_by(action="device.imported")).first()
    assert event is not None and event.details["is_proven"] is True
    device = db.session.get_one(Device, wang.device)
    assert device.contact["sent_at"] == "2026-03-04T09:00:00.000+08:00", "a file is no contact"


@pytest.mark.proves("I4 I17", "F33")
def test_file_without_the_phones_seal_is_kept_whole_as_proposals(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    data = make_jpeg()
    ops = [wang.set("PAX-01", {"value": "pass"}), attach(wang, "PAX-01", data)]
    for mac in ("", "0" * 64):
        found = take(wang, ops, (data,), outside={"mac": mac})
        assert found.is_proven is False and found.photos_refused == []
    kept = db.session.scalars(select(Proposal)).all()
    assert sorted(one.status for one in kept) == ["forbidden"] * 2
    assert not any(one.is_author_revoked for one in kept)
    assert db.session.get(Entity, (desk.space, "answer:tr/PAX-01")) is None
    assert db.session.scalars(select(Blob.sha256)).all() == [ops[1]["photo"]["sha256"]]


@pytest.mark.proves("I17", "F33")
def test_sealed_file_of_a_revoked_phone_goes_into_quarantine(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    revoke_device(wang.device, "遗失")
    found = take(wang, [op])
    assert (found.is_proven, found.statuses) == (True, {"forbidden": 1})
    assert db.session.scalars(select(Proposal)).one().is_author_revoked


@pytest.mark.proves("I1 I12", "F14")
def test_file_that_begins_after_a_gap_waits_for_what_is_missing(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    first, second = wang.set("PAX-01", {"value": "pass"}), wang.set("PAX-03", {"value": "齐全"})
    found = take(wang, [second])
    assert (found.statuses, found.missing) == ({"held": 1}, 1)
    found = take(wang, [first, second])
    assert (found.statuses, found.missing) == ({"applied": 2}, None)


@pytest.mark.proves("I16", "F29")
def test_file_of_an_earlier_epoch_and_of_an_older_app_is_taken(phone: Make, desk: Field) -> None:
    wang, old = phone("wang"), {"epoch": "ep_gone", "app": "0.0.1"}
    found = take(wang, [wang.set("PAX-01", {"value": "pass"})], outside=old)
    assert found.statuses == {"applied": 1}


@ON_SQLITE
def test_long_file_is_pushed_in_pieces_that_break_no_group(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    for number in range(190):
        wang.set("PAX-03", {"note": f"第{number}次"}, base={"note": None}, group=None)
    for number in range(20):
        wang.set("PAX-01", {"note": f"{number}"}, base={"note": None}, group="g1")
    found = take(wang, wang.queue)
    assert found.ops == sum(found.statuses.values()) == 210
    broken = [
        one.outcome.get("error", {}).get("code")
        for one in db.session.scalars(select(Receipt).order_by(Receipt.seq))
        if one.seq > 190
    ]
    assert broken.count("op.group_broken") == 1, "the group was judged as one"


def test_photo_declared_before_the_file_is_found_and_a_foreign_one_refused(
    phone: Make, desk: Field
) -> None:
    wang, li = phone("wang"), phone("li")
    own, foreign, wrong = (make_jpeg(colour=one) for one in ("navy", "red", "green"))
    wang.result(attach(wang, "PAX-01", own))
    li.result(attach(li, "PAX-02", foreign))
    found = take(wang, [], (own, foreign, wrong))
    assert [one["code"] for one in found.photos_refused] == ["photo.not_declared"] * 2
    assert len(db.session.scalars(select(Blob.sha256)).all()) == 1


@pytest.mark.proves("I18", "F19")
def test_photo_whose_bytes_are_not_its_name_is_refused_alone(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    data = make_jpeg()
    op = attach(wang, "PAX-01", data)
    name = f"photos/{op['photo']['sha256']}"
    found = take(wang, [op], more=((name, data[:-1] + b"x"),))
    assert found.photos_refused == [{"sha256": name[7:], "code": "photo.hash_mismatch"}]
    assert found.statuses == {"applied": 1}
    assert db.session.scalars(select(Blob)).all() == []


def test_file_of_a_stranger_phone_or_account_is_refused_and_nothing_is_done(
    phone: Make, desk: Field
) -> None:
    wang = phone("wang")
    op, before = wang.set("PAX-01", {"value": "pass"}), counts()
    for changes, code in (
        ({"device": "dev_never_seen"}, "unsent.unknown_device"),
        ({"account": "li"}, "unsent.other_account"),
        ({"format": "suicha-unsent/9"}, "unsent.not_a_file"),
        ({"ops": 2}, "unsent.damaged"),
        ({"photos": 1}, "unsent.damaged"),
        ({"ops_sha256": "0" * 64}, "unsent.damaged"),
        ({"extra": 1}, "unsent.damaged"),
    ):
        with pytest.raises(Fault) as error:
            import_unsent(None, make_file(wang, [op], outside=changes))
        assert error.value.code == code, changes
    assert counts() == before


def test_hostile_archives_are_refused_before_anything_is_read(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    op, before = wang.set("PAX-01", {"value": "pass"}), counts()
    good = make_file(wang, [op]).getvalue()
    doubled = io.BytesIO(good)
    with zipfile.ZipFile(doubled, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("ops.json", b"[]")
    many = bytearray(good)
    end = good.rindex(b"PK\x05\x06")
    many[end + 12 : end + 16] = (500_000_000).to_bytes(4, "little")
    crowd = io.BytesIO()
    with zipfile.ZipFile(crowd, "w") as archive:
        for number in range(5_100):
            archive.writestr(f"photos/{number:064x}", b"")
    for data, code in (
        (b"", "unsent.not_a_file"),
        (b"PK\x05\x06", "unsent.not_a_file"),
        (good[:-30], "unsent.not_a_file"),
        (bytes(many), "unsent.too_large"),
        (crowd.getvalue(), "unsent.too_large"),
        (doubled.getvalue(), "unsent.damaged"),
        (good.replace(b'"pass"', b'"fail"'), "unsent.damaged"),
        (make_file(wang, [op], compression=zipfile.ZIP_DEFLATED).getvalue(), "unsent.damaged"),
        (make_file(wang, [op], more=[("../x", b"1")]).getvalue(), "unsent.damaged"),
        (make_file(wang, [op], more=[("photos/../../etc/x", b"1")]).getvalue(), "unsent.damaged"),
        (make_file(wang, [{"op": "x"}]).getvalue(), "unsent.damaged"),
        (make_file(wang, [op, op]).getvalue(), "unsent.damaged"),
    ):
        with pytest.raises(Fault) as error:
            import_unsent(None, io.BytesIO(data))
        assert error.value.code == code, data[:40]
    assert counts() == before
