"""What a register's page shows under its filters is what its file holds."""

from __future__ import annotations

import csv
import io
import re

import pytest

from domain.access import Actor
from server.registry import service as registry
from tests.integration.exchange.tables import Road, csv_bytes, firm_rows
from tests.integration.exchange.test_labels_and_codes import add_tag, firm, office

__all__ = ["office"]

HEAD = ["统一社会信用代码", "名称", "类别", "信用风险等级", "片区", "标签", "状态", "许可证号"]
PEOPLE = ["姓名", "单位", "执法证号", "有效期至", "标签", "片区", "在岗状态"]
FIRM_QUERIES = [
    ("", 6), ("?status=open", 4), ("?status=closed", 2), ("?status=closed&tier=high", 1),
    ("?label=S1", 3), ("?group=%E5%AE%89%E5%85%A8", 4), ("?group=none-such", 0),
    ("?area=%E5%B7%9D%E5%8E%BF%E9%95%87", 2), ("?lacks=licence&status=open", 3),
    ("?tier=none", 1), ("?category=hazmat&label=S2", 1), ("?q=sl4h", 1),
]  # fmt: skip
OFFICER_QUERIES = [
    ("", 3), ("?state=all", 4), ("?state=inactive", 1), ("?label=D1", 1),
    ("?group=%E5%AE%89%E5%85%A8", 1), ("?area=%E5%8C%97%E5%8C%BA", 2), ("?lacks=expiry", 1),
    ("?certificate=expired", 1), ("?label=taxi&state=all", 2),
]  # fmt: skip


@pytest.fixture
def full(road: Road, office: Actor) -> Road:
    """Both registers with something for every filter."""
    for code, name, register in (
        ("S1", "两客一危", "firms"), ("S2", "校车", "firms"), ("D1", "登记", "officers"),
    ):  # fmt: skip
        add_tag(office, code, name, register)
    told = [
        ("道路客运", "低风险", "川县镇", "两客一危", "正常", "140522000123"),
        ("道路客运", "高风险", "川县镇", "两客一危、校车", "关闭", ""),
        ("危险货物运输", "高风险", "", "校车", "正常", ""),
        ("道路货运", "", "", "", "关闭", ""),
        ("道路货运", "一般风险", "", "两客一危", "正常", ""),
        ("道路货运", "一般风险", "", "", "正常", ""),
    ]
    rows = [[*base[:2], *more] for base, more in zip(firm_rows(6), told, strict=True)]
    road.preview(csv_bytes([HEAD, *rows]))
    road.post("confirm")
    officers = Road(road.client, "officers")
    officers.preview(csv_bytes([
        PEOPLE,
        ["甲", "交通运输局", "14059900001", "2040-01-01", "登记", "北区", "在岗"],
        ["乙", "交通运输局", "14059900002", "2020-01-01", "出租", "北区", "在岗"],
        ["丙", "市场监管局", "14059900003", "", "货运", "", "在岗"],
        ["丁", "交通运输局", "14059900004", "2040-01-01", "出租", "南区", "离岗"],
    ]))  # fmt: skip
    officers.post("confirm")
    return road


def exported(road: Road, register: str, query: str) -> list[dict[str, str]]:
    data = road.client.get(f"/registry/exports/{register}.csv{query}").data
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_firms_shown_are_the_firms_exported(full: Road) -> None:
    for query, number in FIRM_QUERIES:
        page = full.client.get(f"/registry/firms{query}").text
        rows = exported(full, "firms", query)
        shown = {int(one) for one in re.findall(r'href="/registry/firms/(\d+)"', page)}
        assert shown == {firm(row["统一社会信用代码"]).id for row in rows}, query
        assert len(rows) == number, query
        if number:  # the button on the page carries the filters
            assert f"/registry/exports/firms.csv{query}".replace("&", "&amp;") in page, query


def test_officers_shown_are_the_officers_exported(full: Road) -> None:
    for query, number in OFFICER_QUERIES:
        page = full.client.get(f"/registry/officers{query}").text
        rows = exported(full, "officers", query)
        assert len(rows) == number, query
        for name in "甲乙丙丁":
            assert (f">{name}</a>" in page) == (name in [row["姓名"] for row in rows]), (
                query,
                name,
            )


def test_closed_firms_come_back_closed_with_all_they_had(full: Road) -> None:
    before = {row["统一社会信用代码"]: row for row in exported(full, "firms", "")}
    file = full.client.get("/registry/exports/firms.xlsx?status=closed").data
    full.preview(file, "名录.xlsx")
    assert "import.nothing" in full.post("confirm")
    assert {row["统一社会信用代码"]: row for row in exported(full, "firms", "")} == before
    assert registry.count_gaps(None).total == 4
