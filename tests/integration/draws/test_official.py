"""A draw made on the official platform gives the same inspections, once, whole or not at all."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from flask import Flask

from domain.draw_files import verify_record
from domain.errors import Fault
from server.db import db, unit_of_work
from server.documents.content import Facts
from server.documents.draw_facts import read_draw_facts
from server.documents.item_table import build_item_table
from server.documents.matching import build_matching
from server.draws import change_service as changes
from server.draws import official
from server.draws import service as draws
from server.draws.change_models import OfficialDraw
from server.draws.models import Draw
from server.draws.official import OfficialFile, export_official, import_official, preview_official
from server.draws.official_files import read_rows
from server.draws.results import list_drawn
from server.fieldsync.service import verify_ledger
from server.inspections.models import Inspection
from server.registry.models import Firm, Officer, RegisterChange
from tests.integration.builders import PASSWORD
from tests.integration.draws.changed import AT_HOME, FRESH, WITNESS, member, set_up, visits
from tests.integration.draws.changed import phone_of as phone
from tests.integration.draws.world import PLANNED_ON, World, make_uscc
from tests.integration.exchange.tables import CORNERS, SHEET, with_part

HEADER = ["回执号", "任务编号", "抽取时间", "企业名称", "统一社会信用代码", "住所", "部门",
          "执法人员", "执法证号"]  # fmt: skip
TEAM = (("交通运输局", "tr", 1), ("交通运输局", "tr", 2),
        ("县市场监管局", "mr", 1), ("县市场监管局", "mr", 3))  # fmt: skip


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield set_up()


def rows_of(*firms: tuple[str, str], number: str = "PT2026-0302") -> list[list[str]]:
    """As the platform exports it: what is the same as above is merged."""
    rows = [["示例省双随机平台 抽查结果导出"], HEADER]
    for name, uscc in firms:
        for place, (department, prefix, n) in enumerate(TEAM):
            head = [number, "联2026001", "2026-03-02 09:30"] if len(rows) == 2 else ["", "", ""]
            own = [name, uscc, "示例路"] if place == 0 else ["", "", ""]
            shown = department if place % 2 == 0 else ""
            rows.append([*head, *own, shown, f"检查员{prefix}{n}", f"0414{prefix.upper()}{n:05d}"])
    return rows


def workbook(rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if cell:
                sheet.write_string(number, place, cell)
    book.close()
    return made.getvalue()


def csv_of(rows: list[list[str]], encoding: str = "gb18030") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


KNOWN = (("示例维修厂01", make_uscc(1)), ("示例维修厂04", make_uscc(4)))
NEW = ("新开维修厂", make_uscc(77))


def handed_in(*firms: tuple[str, str], number: str = "PT2026-0302") -> OfficialFile:
    return OfficialFile("平台导出.xlsx", workbook(rows_of(*firms, number=number)), "示例省平台")


def bring_in(world: World, file: OfficialFile) -> official.OfficialReport:
    return import_official(world.clerk, world.joint_task, file, PLANNED_ON)


def test_import_makes_the_same_inspections_as_our_own_draw(sqlite_app: Flask, world: World) -> None:
    seen = preview_official(world.clerk, world.joint_task, handed_in(*KNOWN, NEW))
    assert seen.draw_id is None and [one.told.name for one in seen.new_firms] == ["新开维修厂"]
    assert seen.read.problems == () and db.session.query(Draw).count() == 0
    file = handed_in(*KNOWN, NEW)
    done = bring_in(world, file)
    draw = db.session.get_one(Draw, done.draw_id)
    assert (draw.state, draw.origin, draw.seed) == ("drawn", "official", None)
    kept = db.session.get_one(OfficialDraw, draw.id)
    assert kept.file == file.data and kept.file_sha256 == draw.pool_sha256 == file.sha256
    made = visits()
    assert [one.firm.name for one in made] == [*(name for name, _uscc in KNOWN), "新开维修厂"]
    for one in made:
        assert Counter(m.department_id for m in one.team) == {world.home: 2, world.other: 2}
        assert sum(m.is_lead for m in one.team) == 2
        assert {sheet.code for sheet in one.sheets} == {"tr", "mr"}
    added = db.session.query(Firm).filter_by(uscc=NEW[1]).one()
    assert added.category == "repair"
    (change,) = db.session.query(RegisterChange).filter_by(entry_id=added.id)
    assert change.source == "official:PT2026-0302"
    told = phone(sqlite_app, world, "tr1").pull()
    assert {one.space for one in made} <= set(told["scope"])
    assert verify_ledger() == []


def test_platforms_draw_has_the_same_documents_but_those_the_platform_prints(
    sqlite_app: Flask, world: World
) -> None:
    draw_id = bring_in(world, handed_in(*KNOWN)).draw_id
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    page = client.get(f"/draws/{draw_id}/documents").text
    assert set(re.findall(r"/documents/([a-z-]+)\.pdf", page)) == {"matching", "items", "notices"}
    matching = client.get(f"/draws/{draw_id}/documents/matching.html").text
    assert "检查员mr3" in matching and all(name in matching for name, _uscc in KNOWN)
    notices = client.get(f"/draws/{draw_id}/documents/notices.html").text
    assert notices.count("告知书签收") == len(KNOWN)
    assert client.get(f"/draws/{draw_id}/documents/items.docx").status_code == 200
    for kind in ("record-sheet", "scheme"):
        assert client.get(f"/draws/{draw_id}/documents/{kind}.html").status_code == 409


def test_draw_of_the_future_is_refused_by_its_own_name(world: World) -> None:
    rows = rows_of(*KNOWN)
    rows[2][2] = "2031-03-02 09:30"
    with pytest.raises(Fault) as refused:
        preview_official(world.clerk, world.joint_task, replace(handed_in(), data=workbook(rows)))
    assert refused.value.code == "official.drawn_in_future"


def test_same_draw_again_changes_nothing_and_another_content_is_refused(world: World) -> None:
    first = bring_in(world, handed_in(*KNOWN))
    again = bring_in(world, handed_in(*KNOWN))
    assert again.unchanged and again.draw_id == first.draw_id
    saved = OfficialFile("另存.csv", csv_of(rows_of(*KNOWN)), "示例省平台")
    assert bring_in(world, saved).unchanged  # another file, the same draw
    before = db.session.query(Inspection).count()
    with pytest.raises(Fault) as refused:
        bring_in(world, handed_in(KNOWN[0], NEW))
    assert refused.value.code == "official.differs"
    lines = refused.value.details["lines"]
    assert isinstance(lines, list) and {line[0] for line in lines} == {"+", "−"}
    assert db.session.query(Inspection).count() == before == 2
    assert db.session.query(Draw).count() == 1


def test_every_problem_is_told_at_once_and_nothing_is_stored(world: World) -> None:
    with unit_of_work() as work:
        gone = work.get_one(Officer, world.officers["tr1"])
        gone.cert_expires_on = date(2026, 3, 1)
        work.get_one(Officer, world.officers["mr1"]).recused_firm_ids = [
            work.query(Firm).filter_by(uscc=KNOWN[0][1]).one().id
        ]
    rows = rows_of(*KNOWN, ("乱码厂", "91140522MA0K0077XY"))
    rows[3][7] = "张冒名"
    rows[5][6] = "水利局"
    rows[9][8] = "0414MR99999"
    file = OfficialFile("a.csv", csv_of(rows, "utf-8-sig"), "示例省平台")
    seen = preview_official(world.clerk, world.joint_task, file)
    codes = Counter(one.fault.code for one in seen.read.problems)
    assert codes["official.expired"] == 3
    assert codes["official.recused"] == 1
    assert codes["official.other_officer"] == 1
    assert codes["official.unknown_department"] == 1
    assert codes["official.unknown_officer"] == 1
    assert codes["firm.bad_uscc"] == 1
    assert codes["draw.too_few_officers"] >= 3
    assert all(one.row for one in seen.read.problems)
    with pytest.raises(Fault) as refused:
        bring_in(world, file)
    assert refused.value.code == "official.refused"
    assert db.session.query(Draw).count() == db.session.query(Inspection).count() == 0


def test_task_is_not_drawn_here_and_there(world: World) -> None:
    other = handed_in(*KNOWN)
    frozen = draws.freeze_pool(world.clerk, world.joint_task)
    with pytest.raises(Fault) as refused:
        bring_in(world, other)
    assert refused.value.code == "official.pool_frozen"
    draws.withdraw_pool(world.clerk, frozen.id, "平台已抽取")
    bring_in(world, other)
    with pytest.raises(Fault) as refused:
        draws.freeze_pool(world.clerk, world.joint_task)
    assert refused.value.code == "draw.already_drawn"
    with pytest.raises(Fault) as refused:
        bring_in(world, handed_in(NEW, number="PT2026-0303"))
    assert refused.value.code == "draw.already_drawn"


def test_platform_draw_says_so_and_has_nothing_to_recompute(world: World) -> None:
    done = bring_in(world, handed_in(*KNOWN))
    draw = db.session.get_one(Draw, done.draw_id)
    assert [one.ticket for one in list_drawn(world.clerk, draw)] == ["", ""]
    record = export_official(world.clerk, draw.public_id)
    assert record is not None and record["official_no"] == "PT2026-0302"
    assert "official platform" in verify_record(json.loads(json.dumps(record)))[0]
    assert "0414" not in json.dumps(record)


def test_platforms_number_is_the_draws_number_and_ours_stands_beside_it(
    world: World, sqlite_app: Flask
) -> None:
    done = bring_in(world, handed_in(*KNOWN))
    draw = db.session.get_one(Draw, done.draw_id)
    for build in (build_matching, build_item_table):
        paper = build(read_draw_facts(world.clerk, draw.id, "http://localhost"))
        facts = paper.blocks[0]
        assert isinstance(facts, Facts)
        number = next(one for row in facts.rows for one in row if one.label == "抽取编号")
        assert number.lines == ("PT2026-0302", f"本系统编号 {draw.public_id}")
    home, visitor = f"/public/draws/{draw.public_id}", sqlite_app.test_client()
    page = visitor.get(home).text
    assert "抽取 PT2026-0302" in page and "本次在官方平台抽取" in page and "示例省平台" in page
    assert all(name in page and uscc in page for name, uscc in KNOWN)
    assert "data-verify" not in page and "0414" not in page
    assert {visitor.get(f"{home}/{name}.json").status_code for name in ("pool", "record")} == {404}
    assert f">{len(KNOWN)}<" in re.sub(r"\s", "", visitor.get("/public/draws").text)


def test_officer_of_an_official_draw_is_replaced_like_any_other(world: World) -> None:
    bring_in(world, handed_in(*KNOWN))
    visit = visits()[0]
    leaves = member(world, visit)
    change = changes.request_replacement(
        world.actor("lead"), visit.id, leaves.officer_id, "left_post", "调离"
    )
    done = changes.approve_replacement(
        world.actor("head"), change.id, FRESH, WITNESS, PASSWORD, AT_HOME
    )
    assert member(world, visits()[0]).officer_id == done.joined_id
    gone = changes.request_withdrawal(world.clerk, visits()[1].id, "moved_out", "已迁出", True)
    changes.approve_withdrawal(world.actor("head"), gone.id, PASSWORD, AT_HOME)
    assert (gone.record or {})["why_none"] == "official"
    for one in (done, gone):
        record = changes.export_change(world.clerk, one.public_id)
        assert record is not None and verify_record(record) == []


def test_numbers_that_excel_made_of_codes_are_read_whole() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_number(0, 0, 14052200012)
    sheet.write_datetime(0, 1, date(2026, 3, 2), book.add_format({"num_format": "yyyy-mm-dd"}))  # type: ignore[arg-type]
    sheet.write_formula(0, 2, "=1+1", None, 2)
    book.close()
    assert read_rows(made.getvalue())[0] == ["14052200012", "2026-03-02", "2"]


def test_files_that_are_no_spreadsheet_are_refused() -> None:
    for data, code in (
        (with_part(SHEET, CORNERS % b"XFD1048576"), "table.too_many_cells"),
        (b"PK\x03\x04" + b"x" * 500, "official.unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "official.unreadable"),
        (b"x" * (512 * 1024 + 1), "official.too_large"),
        (b"", "official.unreadable"),
        (b"\xef\xbb\xbf", "official.unreadable"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "table.picture"),
    ):
        with pytest.raises(Fault) as refused:
            read_rows(data)
        assert refused.value.code == code


def test_office_previews_confirms_and_sees_where_it_came_from(
    sqlite_app: Flask, world: World, tmp_path: Path
) -> None:
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    at = f"/tasks/{world.joint_task}/official"
    assert f'href="{at}"' in client.get(f"/tasks/{world.joint_task}").text  # there is a pool, too
    assert "平台导出的表格" in client.get(at).text
    empty = client.post(f"{at}/preview", data={"platform": "示例省平台"})
    assert empty.status_code == 422 and "请选择文件" in empty.text
    table = io.BytesIO(handed_in(*KNOWN, NEW).data)
    upload = {"platform": "示例省平台", "drawn_at": "2026-03-02", "file": (table, "出.xlsx")}
    page = client.post(f"{at}/preview", data=upload, content_type="multipart/form-data").text
    assert "有 1 户不在名录库中" in page and "新开维修厂" in page
    back = html.unescape(next(iter(re.findall(rf'href="({at}[^"]*)"', page))))
    other = client.get(back).text  # for another file
    assert 'value="示例省平台"' in other and 'value="2026-03-02"' in other
    fields = dict(re.findall(r'name="([a-z_]+)"[^>]*? value="([^"]*)"', page))
    late = client.post(at, data={**fields, "planned_on": "2026-03-01"})
    assert late.status_code == 422 and "不能早于今天" in late.text and "新开维修厂" in late.text
    done = client.post(at, data={**fields, "planned_on": "2026-03-09"})
    assert done.status_code == 302, done.text
    shown = client.get(done.headers["Location"]).text
    assert "本次在官方平台抽取" in shown and "PT2026-0302" in shown and "复核" in shown
    assert "/verify" not in shown and "签号" not in shown
    file = client.get(f"{done.headers['Location']}/official-file")
    assert hashlib.sha256(file.data).hexdigest() in shown
    assert "官方平台" in client.get("/draws").text
    for place in ("/screen", "/screen.json"):  # of every draw; there is nothing to turn up here
        assert client.get(done.headers["Location"] + place).status_code == 200
    again = client.post(at, data={**fields, "planned_on": "2026-03-09"}, follow_redirects=True)
    assert "此前已导入" in again.text
