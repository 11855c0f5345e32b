"""The way of a file through the pages: columns, preview, confirmation, undo, history."""

from __future__ import annotations

import io
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.db import db
from server.exchange.abandoned import drop_abandoned
from server.exchange.file_guard import MAX_FILE_BYTES
from server.exchange.models import Import, ImportRow
from server.exchange.reading import open_table
from server.registry import service as registry
from server.registry.items.province_file import read_province_file
from tests.apps import Clock
from tests.integration.exchange.conftest import PASSWORD, open_office
from tests.integration.exchange.tables import (
    HEAD,
    Road,
    chosen_in,
    csv_bytes,
    file_form,
    firm_rows,
    numbers,
    xlsx_bytes,
)
from tests.integration.registry.county import CHECKLISTS


def test_text_under_the_name_of_a_workbook_is_unreadable_and_not_without_header(
    client: FlaskClient,
) -> None:
    broken = "这是一段文字\n不是表格".encode()
    assert "table.unreadable" in Road(client).upload(broken, "名录.xlsx")
    assert "import.no_header" in Road(client).upload(broken, "名录.csv")
    assert "table.unreadable" not in Road(client).upload(
        csv_bytes([HEAD, *firm_rows(2)]), "导出.xls"
    )


def test_file_is_imported_after_preview_and_taken_back_whole(app: Flask) -> None:
    road = Road(open_office(app))
    shown = road.preview(csv_bytes([HEAD, *firm_rows(3)]))
    assert numbers(shown) == [3, 0, 0, 0]
    assert (
        "还没有检查对象" in road.client.get("/registry/firms").text
    )  # nothing before the confirmation
    assert "新增 3 条，更新 0 条" in road.post("confirm")
    assert "共 3 条" in road.client.get("/registry/firms").text

    changed = firm_rows(3)
    changed[1][3], changed[2][5] = "高风险", "77"
    second = Road(road.client)
    shown = second.preview(csv_bytes([HEAD, *changed]))
    assert numbers(shown) == [0, 2, 1, 0]
    assert "<del>低风险</del> → <ins>高风险</ins>" in shown
    second.post("confirm")
    assert "恢复 2 条，移出 0 条" in second.post("undo")
    assert numbers(Road(road.client).preview(csv_bytes([HEAD, *firm_rows(3)]))) == [0, 0, 3, 0]
    assert "恢复 0 条，移出 3 条" in road.post("undo")
    assert "共 0 条" in road.client.get("/registry/firms?status=open").text
    listed = road.client.get("/registry/imports").text
    assert listed.count("已撤销") == 2 and "办事员" in listed and "名录.csv" in listed


def test_header_is_found_below_titles_by_alias_and_unknown_columns_are_shown(road: Road) -> None:
    code, name, trade, *_rest = firm_rows(1)[0]
    table = [
        ["某县检查对象名录"],
        ["填报单位：", "交通运输局"],
        [],
        ["序号", "社会信用代码", "企业名称（全称）", "所属行业", "备注"],
        ["1", code, name, trade, "无"],
    ]
    page = road.upload(xlsx_bytes(table), "上报.xlsx")
    assert chosen_in(page) == ["", "uscc", "name", "category", ""]
    assert "有 2 列不导入" in page and "序号、备注" in page
    assert numbers(road.choose()) == [1, 0, 0, 0]


def test_column_can_be_given_another_field_by_hand(road: Road) -> None:
    code, name, trade, *_rest = firm_rows(1)[0]
    road.upload(csv_bytes([["信用代码", "户名", "类别"], [code, name, trade]]))
    shown = road.choose(["uscc", "", "category"])
    assert numbers(shown) == [0, 0, 0, 1] and "不能为空" in shown
    road.post("sheet", {"sheet": "", "header_row": "1"})
    assert numbers(road.choose(["uscc", "name", "category"])) == [1, 0, 0, 0]


def test_field_for_two_columns_is_refused_and_the_choice_is_kept(road: Road) -> None:
    road.upload(csv_bytes([HEAD, *firm_rows(1)]))
    page = road.choose(["uscc", "name", "category", "name", "", ""])
    assert "import.columns_repeated" in page
    assert chosen_in(page) == ["uscc", "name", "category", "name", "", ""]
    page = road.choose(["", "name", "category", "", "", ""])
    assert "import.columns_missing" in page


def test_rows_in_error_name_cell_and_reason_and_come_back_as_a_file(road: Road) -> None:
    rows = firm_rows(5)
    rows[1][0] = rows[1][0][:-1] + ("0" if rows[1][0][-1] != "0" else "1")
    rows[2][2] = "摆渡"
    rows[3][5] = "许多"
    shown = road.preview(csv_bytes([HEAD, *rows]))
    assert numbers(shown) == [2, 0, 0, 3]
    assert "校验位不符" in shown and "“摆渡”不在可选范围内" in shown
    assert "import.has_errors" in road.post("confirm")

    file = road.client.get(f"{road.path}/errors.xlsx").data
    table = open_table(file)
    (sheet,) = table.list_sheets()
    found = table.read_rows(sheet)
    assert found[0] == [*HEAD, "错误列", "原因"] and len(found) == 4
    assert [line[6] for line in found[1:]] == ["统一社会信用代码", "类别", "车辆数"]
    assert found[2][:6] == rows[2]

    assert "新增 2 条" in road.post("confirm", {"partial": "1"})
    for line, good in zip(found[1:], firm_rows(5)[1:4], strict=True):
        line[:6] = good
    mended = Road(road.client)
    shown = mended.preview(xlsx_bytes(found), "错误行.xlsx")
    assert numbers(shown) == [3, 0, 0, 0]
    mended.post("confirm")
    whole = Road(road.client).preview(csv_bytes([HEAD, *firm_rows(5)]))
    assert numbers(whole) == [0, 0, 5, 0]


def test_similar_name_is_asked_about_and_decided_by_row_or_for_all(road: Road) -> None:
    rows = firm_rows(3)
    known = ["顺达客运有限公司", "顺通客运有限公司", "宏图物流公司"]
    for row, name in zip(rows, known, strict=True):
        row[1] = f"某县{name}"
    first = Road(road.client)
    first.preview(csv_bytes([HEAD, *rows]))
    first.post("confirm")
    again = firm_rows(3, first=10)
    again[0][1] = "某县（顺达）客运有限责任公司"
    again[1][1] = "某县顺同客运有限公司"  # the same initials, one character written otherwise
    again[2][1] = "某县远方客运有限公司"
    shown = road.preview(csv_bytes([HEAD, *again]))
    assert numbers(shown) == [3, 0, 0, 0, 2]
    assert "某县顺达客运有限公司" in shown and "某县顺通客运有限公司" in shown
    assert "import.undecided" in road.post("confirm")
    shown = road.post("decide", {"decision": "skip"})
    assert numbers(shown)[4] == 0 and "确认导入 1 行" in shown
    row = shown.split('name="row" value="')[1].split('"')[0]
    assert "确认导入 2 行" in road.post("decide", {"decision": "take", "row": row})
    road.post("confirm")
    assert "共 5 条" in road.client.get("/registry/firms").text


def test_dropped_file_changes_nothing_and_stays_in_the_history(road: Road) -> None:
    road.preview(csv_bytes([HEAD, *firm_rows(2)]))
    assert "名录库未作改动" in road.post("drop")
    assert "已放弃" in road.client.get(road.path).text
    assert "import.bad_state" in road.post("confirm")


def test_file_nobody_confirmed_for_a_month_goes_and_its_record_stays(
    road: Road, desk: None, clock: Clock
) -> None:
    road.preview(csv_bytes([HEAD, *firm_rows(2)]))
    waiting, first = road.path, road.path.rsplit("/", 1)[1]
    road.preview(csv_bytes([HEAD, *firm_rows(3)]))
    road.post("confirm")
    clock.advance(days=29)
    assert drop_abandoned() == 0
    clock.advance(days=2)
    road.client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    road.upload(csv_bytes([HEAD, *firm_rows(1, 5)]))  # whoever brings a file looks after the others
    kept = db.session.get_one(Import, int(first))
    assert kept.content is None and kept.state == "dropped"
    assert db.session.scalars(select(ImportRow).where(ImportRow.import_id == kept.id)).all() == []
    assert "30 天没有确认" in road.client.get(waiting).text
    states = db.session.scalars(select(Import.state).order_by(Import.id)).all()
    assert states == ["dropped", "done", "columns"]


def test_unreadable_file_is_refused_at_the_door(road: Road) -> None:
    for data, code in (
        (b"<html><table></table></html>", "table.html"),
        (b"PK\x03\x04" + b"\0" * 40, "table.unreadable"),
        ("甲,乙\n1,2\n".encode(), "import.no_header"),
        (b"\xff\xfe\xff", "plan.encoding"),
    ):
        assert code in road.upload(data)
    assert "文件是空的" in road.upload(b"")
    assert "还没有导入过" in road.client.get("/registry/imports").text


def test_officers_with_recusals_go_out_and_come_back_unchanged(road: Road) -> None:
    road.preview(csv_bytes([HEAD, *firm_rows(2)]))
    road.post("confirm")
    codes = "、".join(row[0] for row in firm_rows(2))
    table = [
        ["姓名", "单位", "执法证号", "有效期至", "标签", "回避对象", "登录账号"],
        ["甲", "交通运输局", "14059900001", "2030年12月31日", "客运、出租", codes, "office"],
        ["乙", "市场监管局", "14059900002", "", "", "", ""],
    ]
    officers = Road(road.client, "officers")
    assert numbers(officers.preview(csv_bytes(table))) == [2, 0, 0, 0]
    officers.post("confirm")
    for form in ("xlsx", "csv"):
        data = road.client.get(f"/registry/exports/officers.{form}").data
        again = Road(road.client, "officers")
        assert numbers(again.preview(data, f"名录.{form}")) == [0, 0, 2, 0]


def test_other_roles_neither_import_nor_export(road: Road, sqlite_app: Flask) -> None:
    visitor = sqlite_app.test_client()
    for path in ("/registry/imports", "/registry/exports/firms.xlsx"):
        assert "/sign-in" in visitor.get(path).headers["Location"]
    answer = visitor.post("/registry/imports/new/firms", data={"file": (io.BytesIO(b"x"), "x.csv")})
    assert answer.status_code in (302, 401)


def test_old_spreadsheet_gives_texts_dates_and_the_number_it_cut(road: Road) -> None:
    data = (Path(__file__).parent / "register.xls").read_bytes()  # made with xlwt 1.3.0
    assert chosen_in(road.upload(data, "名录.xls"))[:2] == ["uscc", "name"]
    shown = road.choose()
    assert numbers(shown) == [1, 0, 0, 1]
    assert "10000000000" in shown and "2024-03-01" in shown
    assert "是被表格软件截断的数字" in shown


def test_gbk_csv_is_read_like_utf8(road: Road) -> None:
    data = csv_bytes([HEAD, *firm_rows(2)], encoding="gb18030")
    assert numbers(road.preview(data)) == [2, 0, 0, 0]


def test_register_longer_than_other_bodies_is_let_in_up_to_its_own_limit(road: Road) -> None:
    long = csv_bytes([HEAD, *([["", "某" * 50]] * 20_000)])
    assert 2 * 1024 * 1024 < len(long) < MAX_FILE_BYTES
    assert "uscc" in chosen_in(road.upload(long))
    assert "request.too_large" in road.upload(long * 4)
    visitor = road.client.application.test_client()
    sent = visitor.post("/registry/imports/new/firms", **file_form(long, "名录.csv"))
    assert sent.status_code == 413


def test_classes_are_dated_today_at_the_latest_and_stay_on_the_firms_page(road: Road) -> None:
    rows = [[*row, day] for row, day in zip(firm_rows(2), ("2099-01-01", ""), strict=True)]
    shown = road.preview(csv_bytes([[*HEAD, "分类日期"], *rows]))
    assert numbers(shown) == [1, 0, 0, 1] and "2099-01-01 还没有到" in shown
    rows[0][-1] = "2026-01-05"
    road.preview(csv_bytes([[*HEAD, "分类日期"], *rows]))
    road.post("confirm")
    rows[0][3:4], rows[0][-1] = ["高风险"], "2026-02-05"
    again = Road(road.client)
    again.preview(csv_bytes([[*HEAD, "分类日期"], *rows]))
    again.post("confirm")
    page = road.client.get("/registry/firms/1").text
    classes = page.partition('id="classes"')[2].partition('id="history"')[0]
    assert classes.index("2026-02-05") < classes.index("2026-01-05")
    assert classes.count("风险等级上升") == 1 and "高风险" in classes and "低风险" in classes


def test_item_list_leaves_as_a_file_that_an_item_list_is_read_from(road: Road, desk: None) -> None:
    registry.import_checklists(CHECKLISTS.read_bytes())
    for form in ("xlsx", "csv"):
        answer = road.client.get(f"/registry/exports/items.{form}?status=in_use")
        rows = read_province_file(answer.data)
        known = registry.list_inspection_items(None)
        assert [one.code for one in rows] == [one.code for one in known if one.is_in_use]
        assert rows[1].fields["basis"] == known[1].basis
        assert list(rows[1].fields["methods"]) == known[1].methods
    (taxi,) = read_province_file(road.client.get("/registry/exports/items.csv?q=taxi").data)
    assert taxi.code == "taxi"
    assert "/registry/exports/items.xlsx" in road.client.get("/registry/items").text
