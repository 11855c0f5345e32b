"""What holds for every register alike: the template names each column, what leaves comes back
unchanged, and an undone import leaves no trace but its history."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.accounts.models import Jurisdiction
from server.cli.registers import KINDS
from server.db import db, scope_to, unit_of_work
from server.exchange import service
from server.exchange.models import Import, ImportState
from server.exchange.reading import open_table
from server.exchange.registers import REGISTERS
from server.exchange.service import RegisterImport, import_file
from server.exchange.undoing import undo
from tests.conftest import ON_SQLITE
from tests.integration.exchange.conftest import open_office
from tests.integration.exchange.tables import (
    HEAD,
    Road,
    chosen_in,
    csv_bytes,
    firm_rows,
    numbers,
    xlsx_bytes,
)

CODE = firm_rows(1)[0][0]
# Two entries of each register, and one of them with another word in its last column but one.
FILES: dict[str, list[list[str]]] = {
    "firms": [HEAD, *firm_rows(2)],
    "tiers": [["信用代码", "信用风险分类", "分类日期"], [CODE, "一般", "2024-06-01"]],
    "vehicles": [
        ["车牌号", "统一社会信用代码", "号牌颜色", "车辆类型", "道路运输证号"],
        ["晋E12345", CODE, "黄", "大型客车", "012345678901"],
        ["晋E54321", CODE, "蓝", "小型客车", ""],
    ],
    "departments": [
        ["代码", "名称", "其他写法"],
        ["fire", "县消防救援大队", "消防大队、县消防大队"],
        ["sc", "县商务局", ""],
    ],
    "officers": [
        ["姓名", "单位", "执法证号", "有效期至", "片区"],
        ["甲", "交通运输局", "01405990001", "2030-12-31", "北区"],
        ["乙", "交通运输局", "01405990002", "2030-12-31", ""],
        ["丙", "县消防救援大队", "01405990003", "2030-12-31", ""],
    ],
    "teams": [
        ["单位", "队伍名称", "成员", "负责人"],
        ["交通运输局", "一中队", "甲、01405990002", "乙"],
        ["县消防救援大队", "检查组", "", ""],
    ],
    "group": [
        ["姓名", "职责", "职务", "单位", "文号", "任职日期", "截止日期"],
        ["某领导", "组长", "副县长", "", "县政办〔2026〕1号", "2026-01-01", "至今"],
        ["某局长", "办公室主任", "局长", "交通运输局", "", "2026-01-01", ""],
    ],
    "experts": [
        ["类型", "姓名", "工作单位", "资质编号", "有效期至", "专业"],
        ["专家", "某专家", "某学院", "0017", "2030-12-31", "危险货物运输"],
    ],
    "tags": [
        ["适用", "编号", "名称", "分组", "来源"],
        ["检查对象", "001", "两客一危", "安全", "省级"],
        ["执法检查人员", "D1", "登记", "", "本地"],
    ],
    "items": [
        ["编号", "抽查事项", "事项类型", "检查内容", "检查方式", "抽查比例"],
        ["own-1", "道路客运安全检查", "重点事项", "车辆和人员", "实地核查、书面检查", "5%"],
        ["own-2", "维修备案检查", "一般事项", "备案", "书面检查", ""],
    ],
}
CHANGES = {
    "firms": ("联系电话", "0000-9"), "tiers": ("信用风险等级", "高风险"),
    "vehicles": ("车辆类型", "中型客车"), "departments": ("其他写法", "消防大队、消防队"),
    "officers": ("片区", "南区"), "teams": ("状态", "已撤销"), "group": ("截止日期", "2026-06-30"),
    "experts": ("所在单位", "某公司"), "tags": ("分组", "风险"),
    "items": ("检查内容", "另一种内容"),
}  # fmt: skip


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    """Every register with its entries, in the order in which they refer to each other."""
    client = open_office(app)
    for code, rows in FILES.items():
        assert load(app, code, csv_bytes(rows)).imported == len(rows) - 1, code
    return client


def load(app: Flask, code: str, data: bytes, *, dry_run: bool = False) -> RegisterImport:
    """Without the pages."""
    with app.app_context():
        scope_to(db.session.scalar(select(Jurisdiction.id)))
        found = import_file(code, "名录", data, dry_run=dry_run)
        db.session.remove()
    return found


def leave(client: FlaskClient, code: str, form: str = "xlsx") -> bytes:
    return client.get(f"/registry/exports/{code}.{form}").data


def table_of(data: bytes) -> list[list[str]]:
    table = open_table(data)
    return table.read_rows((table.list_sheets() or [""])[0])


@ON_SQLITE
def test_what_leaves_comes_back_unchanged_and_the_template_names_every_column(
    office: FlaskClient,
) -> None:
    assert set(FILES) == set(REGISTERS) == set(KINDS)
    for code in REGISTERS:
        for form in ("xlsx", "csv"):
            data = leave(office, code, form)
            number = len(table_of(data)) - 1
            found = load(office.application, code, data, dry_run=True)
            assert (found.imported, found.unchanged) == (0, number), (code, form)
            assert number >= len(FILES[code]) - 1, code
    for code, text in (
        ("vehicles", "012345678901"), ("officers", "01405990001"), ("experts", "0017"),
        ("tags", "001"), ("teams", "甲（01405990001）、乙（01405990002）"),
    ):  # fmt: skip
        assert any(text in row for row in table_of(leave(office, code))), code
    for code, register in REGISTERS.items():
        data = office.get(f"/registry/imports/templates/{code}.xlsx").data
        assert table_of(data)[0] == [column.header for column in register.columns]
        found = chosen_in(Road(office, code).upload(data, "模板.xlsx"))
        assert found == [column.field for column in register.columns], code
        assert set(register.key_fields) <= {
            column.field for column in register.columns if column.is_required
        }, code


@pytest.mark.both
def test_changed_cell_is_shown_written_and_taken_back_with_its_history(office: FlaskClient) -> None:
    for code, (header, new) in CHANGES.items():
        before = leave(office, code)
        rows = table_of(before)
        place = rows[0].index(header)
        row = next(one for one in rows if FILES[code][1][1 if code == "teams" else 0] in one)
        row += [""] * (place + 1 - len(row))
        old, row[place] = row[place], new
        road = Road(office, code)
        shown = road.preview(xlsx_bytes(rows), "改.xlsx")
        assert numbers(shown)[:2] == [0, 1] and new in shown, code
        assert old in shown or (code, old) == ("group", "至今"), code
        road.post("confirm")
        assert any(new in one for one in table_of(leave(office, code))), code
        assert "已撤销" in road.post("undo"), code
        after = [one[:-3] if code == "items" else one for one in table_of(leave(office, code))]
        was = [one[:-3] if code == "items" else one for one in table_of(before)]
        assert after == was, code


def test_undone_entries_are_gone_or_out_of_use_and_the_same_file_brings_them_back(
    office: FlaskClient,
) -> None:
    app = office.application
    with app.app_context():
        scope_to(db.session.scalar(select(Jurisdiction.id)))
        left = {}
        for one in db.session.scalars(select(Import).order_by(Import.id.desc())).all():
            with unit_of_work():
                service.get_import(None, one.id).state = ImportState.UNDOING
            undo(None, one.id)
            report = service.get_import(None, one.id).report
            left |= {one.register: [(row["name"], row["why"]) for row in report["left"]]}
            assert report["restored"] + report["withdrawn"] + report["left_count"] > 0
        db.session.remove()
    # somebody of it, out of use, is still on the register of officers
    assert {code: rows for code, rows in left.items() if rows} == {
        "departments": [("县消防救援大队", "referred")]
    }
    for code in ("firms", "vehicles", "teams", "group", "tags"):
        rows = table_of(leave(office, code))
        assert not [row for row in rows[1:] if row[0] in FILES[code][1]], code
    assert "sc" not in {row[0] for row in table_of(leave(office, "departments"))}
    for code, rows in FILES.items():
        load(app, code, csv_bytes(rows))
        again = load(app, code, csv_bytes(rows), dry_run=True)
        assert again.unchanged == len(rows) - 1, code
