"""The item list: versions, guides, claims, what is published, what is withdrawn."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.access import Actor, Role
from domain.errors import Fault
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.accounts.sessions import actor_of
from server.db import db, unit_of_work
from server.registry import service as registry
from server.registry.items.guides import GuideState, confirm_guide
from server.registry.items.listing import list_items, row_of
from server.registry.items.province import (
    ClaimState,
    claim_items,
    import_province_list,
    list_claims,
)
from server.registry.items.publication import count_unpublished, get_publication, publish_items
from server.registry.items.versions import (
    add_item,
    change_item,
    find_item,
    list_versions_of,
    set_status,
)
from server.registry.models import InspectionItem
from tests.integration.exchange.tables import CORNERS, SHEET, with_part
from tests.integration.registry.county import CHECKLISTS, build_county

WHOLE = {
    "name": "道路旅客运输",
    "kind": "key",
    "category": "道路运输",
    "objects": "道路旅客运输经营单位",
    "basis": "《道路运输条例》第十条",
    "bodies": "县交通运输局",
    "content": "经营资质、车辆、从业人员",
    "methods": ["on_site", "document"],
}
HEADER = "事项编码,抽查事项,事项类型,抽查类别,检查对象,检查依据,检查主体,检查内容,检查方式"
LINES = (
    "P001,道路旅客运输,重点,道路运输,客运经营者,《道路运输条例》,县级交通运输主管部门,资质,实地核查",
    "P002,公路养护工程,一般,公路,养护单位,《公路法》,县级交通运输主管部门,质量,实地核查、书面检查",
)


@pytest.fixture
def actor(app: Flask) -> Iterator[Actor]:
    with app.app_context():
        county = build_county()
        home = find_department("tr")
        assert home is not None
        roles = [Role.OFFICE_STAFF]
        person = add_person(
            get_jurisdiction(county), home, "office", "甲", "a long password", roles
        )
        yield actor_of(person)


def province(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def as_xlsx(data: bytes) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "随机抽查事项清单（省级）")
        for n, row in enumerate(csv.reader(io.StringIO(data.decode())), start=1):
            sheet.write_row(n, 0, row)
    return made.getvalue()


def test_a_change_makes_a_version_with_its_day_and_reason_and_keeps_the_old(actor: Actor) -> None:
    item = add_item(actor, "KY", WHOLE)
    change_item(actor, item.id, {"content": "资质"}, seen=1, reason="条例修订")
    first, second = reversed(list_versions_of(item))
    assert (first.fields["content"], second.fields["content"]) == (WHOLE["content"], "资质")
    assert (second.version, second.reason, second.changed_by) == (2, "条例修订", actor.person_id)
    assert item.version == 2 and second.in_force_on is not None


def test_a_second_writer_is_told_and_the_first_one_s_words_stand(actor: Actor) -> None:
    item = add_item(actor, "KY", WHOLE)
    change_item(actor, item.id, {"content": "先"}, seen=1, reason="a")
    with pytest.raises(Fault) as refused:
        change_item(actor, item.id, {"content": "后"}, seen=1, reason="b")
    assert refused.value.code == "item.changed_meanwhile"
    assert item.content == "先"


def test_saving_what_stands_already_makes_no_version(actor: Actor) -> None:
    item = add_item(actor, "KY", WHOLE)
    with pytest.raises(Fault) as refused:
        change_item(actor, item.id, WHOLE, seen=1, reason="a")
    assert (refused.value.code, item.version) == ("item.unchanged", 1)


@pytest.mark.parametrize("table", ["item_versions", "item_publications"])
def test_what_was_in_force_or_published_cannot_be_rewritten(actor: Actor, table: str) -> None:
    add_item(actor, "KY", WHOLE)
    publish_items(actor)
    for verb in (f"UPDATE {table} SET jurisdiction_id = jurisdiction_id", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
            work.execute(text(verb))


def test_key_and_general_items_have_ratios_of_their_own(actor: Actor) -> None:
    key = add_item(actor, "KY", WHOLE)
    general = add_item(actor, "YH", {**WHOLE, "name": "养护", "kind": "general"})
    own = add_item(actor, "ZX", {**WHOLE, "name": "专项", "ratio_percent": "33"})
    assert [int(row_of(actor, one).ratio) for one in (key, general, own)] == [10, 3, 33]


def test_guide_falls_behind_with_a_new_version_and_is_in_step_again_once_confirmed(
    actor: Actor,
) -> None:
    item = add_item(actor, "KY", WHOLE)
    assert row_of(actor, item).guide is GuideState.NONE
    words = {"steps": "一、核对许可证", "materials": "许可证", "points": "班线"}
    confirm_guide(actor, item.id, **words, item_version=1, seen=0)
    assert row_of(actor, item).guide is GuideState.IN_STEP
    change_item(actor, item.id, {"content": "资质"}, seen=1, reason="修订")
    behind = row_of(actor, item)
    assert (behind.guide, behind.guide_version) == (GuideState.BEHIND, 1)
    assert [row.item for row in list_items(actor, guide="behind")] == [item]
    with pytest.raises(Fault) as refused:
        confirm_guide(actor, item.id, **words, item_version=1, seen=1)
    assert refused.value.code == "item.changed_meanwhile"
    confirm_guide(actor, item.id, **words, item_version=2, seen=1)
    assert row_of(actor, item).guide is GuideState.IN_STEP


@pytest.mark.parametrize("form", [bytes, as_xlsx], ids=["csv", "xlsx"])
def test_provincial_list_is_shown_item_by_item_and_claimed(actor: Actor, form: Any) -> None:
    own = add_item(actor, "PAX", {"name": "道路旅客运输"})
    add_item(actor, "ours", {"name": "本级事项"})
    import_province_list(actor, "省级清单", form(province(*LINES)))
    states = [(row.state, (row.item or row.province).name) for row in list_claims(actor)]  # type: ignore[union-attr]
    assert states == [
        (ClaimState.SAME_NAME, "道路旅客运输"),
        (ClaimState.NOT_YET, "公路养护工程"),
        (ClaimState.OURS_ONLY, "本级事项"),
    ]
    assert claim_items(actor, ["P001", "P002"], "认领") == 2
    assert [row.state for row in list_claims(actor)][:2] == [ClaimState.CLAIMED] * 2
    assert (own.version, own.kind, own.province_code) == (2, "key", "P001")
    claimed = find_item(actor, "P002")
    assert claimed is not None and claimed.methods == ["on_site", "document"]
    assert claim_items(actor, ["P001", "P002"]) == 0


def test_a_changed_provincial_line_shows_as_different_until_it_is_taken_over(actor: Actor) -> None:
    import_province_list(actor, "a.csv", province(*LINES))
    claim_items(actor, ["P001", "P002"])
    moved = LINES[0].replace("资质", "资质、车辆")
    found = import_province_list(actor, "b.csv", province(moved))
    assert (found.created, found.updated, found.unchanged, found.removed) == (0, 1, 0, 1)
    first, gone = list_claims(actor)
    assert first.state is ClaimState.DIFFERS and gone.state is ClaimState.GONE
    assert [(d.field, d.new) for d in first.differences] == [("content", "资质、车辆")]
    claim_items(actor, ["P001"], "省级调整")
    assert list_claims(actor)[0].state is ClaimState.CLAIMED
    assert first.item is not None and list_versions_of(first.item)[0].reason == "省级调整"


@pytest.mark.both
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("P003,,一般,,,,,,", "抽查事项", "plan.blank"),
        ("P003,甲,特别,,,,,,", "事项类型", "checklist.unknown_value"),
        ("P003,甲,一般,,,,,,电话", "检查方式", "checklist.unknown_value"),
        ("P001,甲,一般,,,,,,", "事项编码", "plan.duplicate"),
        (f"P003,{'甲' * 201},一般,,,,,,", "抽查事项", "checklist.unknown_value"),
    ],
)
def test_a_file_with_one_bad_cell_changes_nothing(
    actor: Actor, line: str, column: str, reason: str
) -> None:
    import_province_list(actor, "a.csv", province(LINES[1]))
    with pytest.raises(Fault) as refused:
        import_province_list(actor, "b.csv", province(LINES[0], line))
    told = refused.value.details
    assert (told["row"], told["column"], told["reason"]) == (3, column, reason)
    assert [row.province.code for row in list_claims(actor) if row.province] == ["P002"]


def test_two_cells_at_opposite_corners_do_not_end_the_process(actor: Actor) -> None:
    with pytest.raises(Fault) as refused:
        import_province_list(actor, "a.xlsx", with_part(SHEET, CORNERS % b"XFD1048576"))
    assert refused.value.code == "table.too_many_cells"


def test_a_list_longer_than_any_is_refused_not_cut(actor: Actor) -> None:
    lines = [f"L{n},事项{n},一般,,,,,," for n in range(2001)]
    for form in (bytes, as_xlsx):
        with pytest.raises(Fault) as refused:
            import_province_list(actor, "a", form(province(*lines)))
        assert refused.value.code == "province.too_long"


def test_publication_needs_all_six_fields_and_keeps_every_edition(actor: Actor) -> None:
    item = add_item(actor, "KY", WHOLE)
    lacking = add_item(actor, "YH", {"name": "公路养护"})
    with pytest.raises(Fault) as refused:
        publish_items(actor)
    assert refused.value.details["items"] == ["公路养护"]
    set_status(actor, lacking.id, "withdrawn", "并入")
    publish_items(actor)
    assert count_unpublished(actor) == 0
    change_item(actor, item.id, {"content": "资质"}, seen=1, reason="修订")
    assert count_unpublished(actor) == 1
    assert publish_items(actor).edition == 2
    county = actor.jurisdiction_id
    assert get_publication(county, 1).items[0]["content"] == WHOLE["content"]
    assert get_publication(county).items[0]["content"] == "资质"
    with pytest.raises(Fault) as again:
        publish_items(actor)
    assert again.value.code == "item.nothing_to_publish"


def test_list_import_makes_its_item_once_and_never_rewrites_it(actor: Actor) -> None:
    registry.import_checklists(CHECKLISTS.read_bytes(), actor)
    item = find_item(actor, "passenger")
    assert item is not None and item.version == 1 and "《道路运输条例》" in item.basis
    change_item(actor, item.id, WHOLE, seen=1, reason="补全要素")
    renamed = CHECKLISTS.read_text("utf-8").replace("title: 道路旅客运输\n", "title: 客运\n")
    registry.import_checklists(renamed.encode(), actor)
    assert (item.version, item.name) == (2, "道路旅客运输")
    entry = registry.get_checklist("passenger@2").entries[0]
    assert (entry.inspection_item_id, entry.item_version) == (item.id, 2)
    assert registry.get_checklist("passenger@1").entries[0].item_version == 1


@pytest.mark.both
def test_withdrawn_item_takes_no_entry_whoever_writes(actor: Actor) -> None:
    registry.import_checklists(CHECKLISTS.read_bytes(), actor)
    item = find_item(actor, "passenger")
    assert item is not None
    set_status(actor, item.id, "withdrawn", "省级取消")
    changed = CHECKLISTS.read_text("utf-8").replace("title: 道路旅客运输\n", "title: 客运\n")
    with pytest.raises(Fault) as refused:
        registry.import_checklists(changed.encode(), actor)
    assert refused.value.code == "item.withdrawn"
    copy = text(
        "INSERT INTO check_entries SELECT id + 100000, checklist_id, inspection_item_id, position,"
        " 'X' || code, text, basis, methods, answer, photo_on_fail, severity, department_name,"
        " jurisdiction_id, item_version FROM check_entries WHERE code = :code"
    )
    with pytest.raises(DBAPIError, match=r"check_entries\.no_item"), unit_of_work() as work:
        work.execute(copy, {"code": "PAX-01"})
    with unit_of_work() as work:  # of an item in use the same statement is taken
        work.execute(copy, {"code": "FRT-01"})


def test_entry_of_another_county_s_item_is_refused_by_the_database(actor: Actor) -> None:
    registry.import_checklists(CHECKLISTS.read_bytes(), actor)
    first = db.session.query(InspectionItem.id).filter_by(code="passenger").scalar()
    build_county("140597", "邻县")
    with pytest.raises(DBAPIError, match=r"check_entries\.no_item"), unit_of_work() as work:
        work.execute(
            text(
                "INSERT INTO check_entries (id, jurisdiction_id, checklist_id, inspection_item_id,"
                " position, code, text, basis, methods, answer, photo_on_fail, severity)"
                " SELECT 900000, max(j.id), min(c.id), :item, 1, 'X', 'x', '[]', '[]', '{}', :no,"
                " 'minor' FROM jurisdictions j, checklists c"
            ),
            {"item": first, "no": False},
        )
