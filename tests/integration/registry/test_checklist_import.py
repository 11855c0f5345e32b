"""Checklists: read whole, kept by version, tied to the item list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.checklists import ItemType
from domain.errors import Fault
from server.db import db
from server.registry import service as registry
from server.registry.models import CheckEntry, Checklist, InspectionItem
from tests.conftest import ON_SQLITE
from tests.integration.registry.county import CHECKLISTS, build_county
from tests.statements import before_each

TEXT = CHECKLISTS.read_text(encoding="utf-8")


@pytest.fixture
def county(app: Flask) -> Iterator[int]:
    with app.app_context():
        yield build_county()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both
def test_all_fourteen_lists_with_their_160_items_are_imported(county: int) -> None:
    report = registry.import_checklists(TEXT.encode())
    assert report.imported == 14
    assert (count(Checklist), count(CheckEntry), count(InspectionItem)) == (14, 160, 14)


@ON_SQLITE
def test_entries_of_a_list_are_written_together(county: int) -> None:
    written = []
    before_each(db.engine, lambda _c, _cursor, statement, *_more: written.append(statement))
    registry.import_checklists(TEXT.encode())
    entries = [one for one in written if one.startswith("INSERT INTO check_entries")]
    assert len(entries) < 20 and len(written) < 200


def test_every_entry_belongs_to_an_item_of_the_published_list(county: int) -> None:
    registry.import_checklists(TEXT.encode())
    query = select(CheckEntry.code).outerjoin(
        InspectionItem, CheckEntry.inspection_item_id == InspectionItem.id
    )
    assert db.session.scalars(query.where(InspectionItem.id.is_(None))).all() == []


def test_same_file_again_is_unchanged(county: int) -> None:
    registry.import_checklists(TEXT.encode())
    again = registry.import_checklists(TEXT.encode())
    assert again.imported == 0
    assert {entry.outcome for entry in again.lists} == {"unchanged"}
    assert count(Checklist) == 14


def test_changed_list_becomes_version_two_and_version_one_stays(county: int) -> None:
    registry.import_checklists(TEXT.encode())
    before = registry.checklist_document("passenger@1").body
    changed = TEXT.replace("许可证件、客运标志牌无转让", "客运标志牌无转让", 1)
    report = registry.import_checklists(changed.encode())
    assert {e.code: e.version for e in report.lists if e.outcome == "updated"} == {"passenger": 2}
    assert registry.checklist_document("passenger@1").body == before
    assert registry.checklist_document("passenger@2").body != before
    assert [c.reference for c in registry.list_versions(None, "passenger")] == [
        "passenger@2",
        "passenger@1",
    ]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("severity: 严重", "severity: 很严重", "severity"),
        ("pass: '>=2'", "pass: '=>2'", "pass"),
        ("code: PAX-02", "kode: PAX-02", "code"),
        ("code: PAX-02", f"code: {'P' * 30}", "code"),
        ("title: 道路旅客运输", f"title: {'客' * 130}", "title"),
        ("photo_on_fail: true", "photo_on_fail: vielleicht", "photo_on_fail"),
    ],
)
def test_malformed_file_leaves_nothing_behind(county: int, old: str, new: str, field: str) -> None:
    with pytest.raises(Fault) as refused:
        registry.import_checklists(TEXT.replace(old, new, 1).encode())
    assert refused.value.code == "checklist.malformed"
    assert refused.value.details["field"] == field
    assert refused.value.details["checklist"] != "-"
    assert (count(Checklist), count(CheckEntry)) == (0, 0)


@pytest.mark.parametrize("data", [b"checklists: [", b"\xff\xfe\x00", b"- a\n- b\n", b""])
def test_what_is_no_checklists_file_is_refused(county: int, data: bytes) -> None:
    with pytest.raises(Fault) as refused:
        registry.import_checklists(data)
    assert refused.value.code == "checklist.malformed"


def test_two_numbers_come_to_the_phone_as_a_pair_with_labels(county: int) -> None:
    registry.import_checklists(TEXT.encode())
    items = {i["code"]: i for i in registry.checklist_document("passenger@1").content["items"]}
    assert items["PAX-03"]["answer"] == {
        "type": "number_pair",
        "labels": ["抽查数", "不符数"],
        "pass": "不符数==0",
    }
    assert items["PAX-01"]["methods"] == ["document", "on_site"]
    assert items["PAX-01"]["basis"][0] == {
        "law": "道路运输条例",
        "article": "第十条",
        "confidence": "A",
    }
    assert set(items["PAX-01"]) == {
        "code", "text", "basis", "methods", "answer", "photo_on_fail", "severity", "is_required",
    }  # fmt: skip


def test_stored_items_are_judged_like_the_file_says(county: int) -> None:
    registry.import_checklists(TEXT.encode())
    items = {item.code: item for item in registry.list_check_items("passenger@1")}
    assert items["PAX-03"].type is ItemType.NUMBER_PAIR
    assert items["PAX-03"].rule is not None and items["PAX-03"].rule.is_about_failed
    assert items["PAX-03"].is_required


@ON_SQLITE
@pytest.mark.parametrize("reference", ["passenger", "passenger@2", "passenger@x", "nix@1", "@", ""])
def test_unknown_reference_is_not_found(county: int, reference: str) -> None:
    registry.import_checklists(TEXT.encode())
    with pytest.raises(Fault) as refused:
        registry.checklist_document(reference)
    assert refused.value.code == "checklist.not_found"


def test_another_county_has_versions_of_its_own(county: int) -> None:
    registry.import_checklists(TEXT.encode())
    build_county("140597", "邻县")
    assert registry.find_checklist("passenger") is None
    assert registry.import_checklists(TEXT.encode()).imported == 14
