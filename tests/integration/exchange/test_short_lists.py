"""Departments, teams, vehicles, tags and the item list as files: what each of them guards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from domain.access import Actor
from domain.errors import Fault
from server.accounts import service as accounts
from server.db import db, unit_of_work
from server.exchange import service
from server.exchange.models import ImportState
from server.exchange.undoing import undo
from server.organisation import service as organisation
from server.organisation.models import Team
from server.planning.models import Plan, PlanTask
from server.registry import service as registry
from server.registry.items import versions
from server.registry.models import Firm
from tests.integration.exchange.tables import HEAD, Road, csv_bytes, firm_rows
from tests.integration.exchange.test_labels_and_codes import office

__all__ = ["office"]

AT = datetime(2026, 1, 5, 1, tzinfo=UTC)
CODE, OTHER = (row[0] for row in firm_rows(2))
OFFICERS = [
    ["姓名", "单位", "执法证号"],
    ["甲", "交通运输局", "14059900001"],
    ["乙", "交通运输局", "14059900002"],
    ["丙", "市场监管局", "14059900003"],
    ["甲", "市场监管局", "14059900004"],
]
TEAMS = ["单位", "队伍名称", "成员", "负责人"]


def load(code: str, *rows: list[str]) -> service.RegisterImport:
    """Whole or not at all; the tables belong to nobody's session afterwards."""
    found = service.import_file(code, "表.csv", csv_bytes(rows))
    db.session.expire_all()
    return found


def refused(code: str, *rows: list[str]) -> tuple[str, str]:
    """Column and reason of the first cell that cannot be used."""
    with pytest.raises(Fault) as fault:
        load(code, *rows)
    return str(fault.value.details["column"]), str(fault.value.details["reason"])


def take_back(import_id: int) -> dict[str, Any]:
    with unit_of_work():
        service.get_import(None, import_id).state = ImportState.UNDOING
    undo(None, import_id)
    db.session.expire_all()
    return service.get_import(None, import_id).report


def people_of() -> dict[str, list[str]]:
    names = {one.id: one.cert_no[-1] for one in registry.list_all_officers(None)}
    return {
        team.name: [names[one] for one in team.officer_ids] for team in organisation.list_teams()
    }


def test_person_moves_with_the_team_that_names_them_and_back_when_undone(
    road: Road, desk: None
) -> None:
    load("officers", *OFFICERS)
    load("teams", TEAMS, ["交通运输局", "一队", "甲、乙", "甲"], ["交通运输局", "二队", "", ""])
    assert people_of() == {"一队": ["1", "2"], "二队": []}
    load("teams", TEAMS, ["交通运输局", "二队", "甲", "甲"])
    assert people_of() == {"一队": ["2"], "二队": ["1"]}
    first = db.session.scalars(select(Team).where(Team.name == "一队")).one()
    assert first.lead_officer_id is None
    take_back(3)
    assert people_of() == {"一队": ["1", "2"], "二队": []}
    assert first.lead_officer_id is not None
    history = road.client.get(f"/registry/history/teams/{first.id}").text
    assert history.count("第 3 号导入") == 2 and "第 3 号导入已撤销，恢复原值" in history
    assert (
        "<del>甲（14059900001）、乙（14059900002）</del> → <ins>乙（14059900002）</ins>" in history
    )
    # both lists in one file, as a clerk sends the export back
    load("teams", TEAMS, ["交通运输局", "一队", "乙", ""], ["交通运输局", "二队", "甲", ""])
    assert people_of() == {"一队": ["2"], "二队": ["1"]}
    take_back(4)
    assert people_of() == {"一队": ["1", "2"], "二队": []}


def test_team_takes_its_own_departments_people_and_a_lead_among_them(desk: None) -> None:
    load("officers", *OFFICERS, ["甲", "交通运输局", "14059900005"])
    for people, lead, told in (
        ("丙", "", ("成员", "team.officer_elsewhere")),
        ("甲", "", ("成员", "cell.same_name")),
        ("丁", "", ("成员", "cell.unknown_officer")),
        ("14059900009", "", ("成员", "cell.unknown_officer")),
        ("14059900001", "乙", ("负责人", "cell.lead_elsewhere")),
    ):
        assert refused("teams", TEAMS, ["交通运输局", "一队", people, lead]) == told
    load("teams", TEAMS, ["市场监管局", "一队", "甲、丙（14059900003）", "甲（14059900004）"])
    assert people_of() == {"一队": ["3", "4"]}


def test_renamed_department_keeps_its_old_name_and_one_spelling_stands_for_one(
    road: Road, desk: None
) -> None:
    head = ["代码", "名称", "其他写法"]
    load("departments", head, ["fire", "县消防大队", "消防"])
    load("departments", ["代码", "名称"], ["fire", "县消防救援大队"])
    found = accounts.find_department("县消防大队")
    assert found is not None and found.alias_names == ["县消防大队", "消防"]
    number, taken = found.id, ("其他写法", "cell.taken")
    assert refused("departments", head, ["sc", "县商务局", "县消防大队"]) == taken
    assert refused("departments", head, ["sc", "县商务局", "甲"], ["kj", "县科技局", "甲"]) == taken
    assert refused("departments", head, ["S1", "县商务局", ""]) == ("代码", "department.bad_code")
    take_back(2)
    assert found.name == "县消防大队" and found.alias_names == ["消防"]
    assert [one["why"] for one in take_back(1)["left"]] == []
    assert accounts.find_department("消防") is None
    gone = road.client.get(f"/registry/history/departments/{number}").text
    assert "第 1 号导入已撤销，移出" in gone and "县消防大队" in gone
    # whoever gets its number next begins with a history of their own
    load("departments", head, ["sc", "县商务局", ""])
    again = accounts.find_department("县商务局")
    assert again is not None
    page = road.client.get(f"/registry/history/departments/{again.id}").text
    assert "登记" not in page and page.count("号导入") == 1 and "县消防" not in page


def test_spelling_that_a_plan_uses_stays_and_keeps_its_department(desk: None) -> None:
    load("departments", ["代码", "名称", "其他写法"], ["fire", "县消防大队", "消防、大队"])
    owner = {"jurisdiction_id": registry.owner_of(None)}
    with unit_of_work() as work:
        plan = Plan(
            **owner, kind="joint", year=2026, title="年度抽查计划", file_name="plan.csv",
            file_sha256="0" * 64, imported_at=AT,
        )  # fmt: skip
        work.add(plan)
        work.flush()
        task = {"row_no": 1, "task_no": "联2026001", "name": "消防检查", "ownership": "initiating"}
        work.add(PlanTask(**owner, **task, plan_id=plan.id, cells={}, cooperators=["消防"]))
    told = refused("departments", ["代码", "其他写法"], ["fire", "大队"])
    assert told == ("其他写法", "department.named_in_plan")
    assert [one["why"] for one in take_back(1)["left"]] == ["referred"]


def test_vehicle_that_changes_hands_is_told_on_the_pages_of_both_firms(
    road: Road, desk: None
) -> None:
    load("firms", HEAD, *firm_rows(2))
    head = ["车牌号", "信用代码", "颜色", "车辆类型"]
    load("vehicles", head, ["晋E76543", CODE, "黄牌", "大型客车"])
    load("vehicles", head, ["晋E76543", OTHER, "黄色", "大型客车"])
    first, second = (registry.find_firm_by_uscc(None, code) for code in (CODE, OTHER))
    assert first is not None and second is not None
    assert [one.plate for one in registry.list_vehicles(None, second)] == ["晋E76543"]
    for firm in (first, second):
        assert "车辆 晋E76543" in road.client.get(f"/registry/firms/{firm.id}").text
    rows = road.client.get("/registry/vehicles?q=76543&color=yellow").text
    assert second.name in rows and "晋E76543" in rows
    assert "晋E76543" in road.client.get(f"/registry/vehicles?q={second.name_initials}").text
    assert "晋E76543" not in road.client.get(f"/registry/vehicles?q={first.name_initials}").text
    take_back(3)
    assert [one.plate for one in registry.list_vehicles(None, first)] == ["晋E76543"]
    take_back(2)
    assert registry.list_vehicles(None, first) == []
    assert refused("vehicles", head, ["晋E123", CODE, "", ""])[0] == "车牌号"
    stranger = firm_rows(1, first=9)[0][0]
    told = ("统一社会信用代码", "cell.unknown_firm")
    assert refused("vehicles", head, ["晋E76543", stranger, "", ""]) == told


def test_used_tag_is_retired_by_an_undo_and_an_unused_one_goes(office: Actor) -> None:
    head = ["适用", "编号", "名称"]
    rows = [["检查对象", "S1", "两客一危"], ["检查对象", "S2", "校车"], ["检查对象", "S3", "危货"]]
    load("tags", head, *rows)
    registry.delete_tag(office, registry.list_tag_ids(office, "firms", q="wh")[0])
    later = registry.add_tag(
        office, "firms", {"name": "另一个", "code": "L1", "group_name": "", "origin": "local"}
    )
    load("firms", [*HEAD, "标签"], [*firm_rows(1)[0], "两客一危"])
    assert [one["why"] for one in take_back(1)["left"]] == ["gone"]
    kept = {one.code: one for one in registry.list_tags(office, "firms")}
    assert set(kept) == {"S1", "L1"} and kept["S1"].retired_at is not None
    assert kept["L1"].id == later.id and kept["L1"].retired_at is None
    firm = db.session.scalars(select(Firm)).one()
    assert firm.labels == ["S1"]


def test_item_in_use_gets_a_version_by_file_and_by_its_undoing_and_none_goes(
    road: Road, desk: None
) -> None:
    head = ["编号", "抽查事项", "检查内容", "抽查比例"]
    load("items", head, ["own-1", "客运检查", "第一条", "5%"])
    item = versions.find_item(None, "own-1")
    assert item is not None
    load("items", head, ["own-1", "客运检查", "第一条 第二条", "5%"])
    assert item.version == 2 and item.content == "第一条 第二条"
    with unit_of_work():
        versions.change_item(None, item.id, {"content": "第一条\n第二条"}, seen=2, reason="分行")
    assert load("items", head, ["own-1", "客运检查", "第一条 第二条", "5%"]).unchanged == 1
    assert load("items", ["编号", "状态"], ["own-1", "停用"]).updated == 1
    assert item.version == 3 and not item.is_in_use
    assert [one.reason for one in versions.list_versions_of(item)] == [
        "分行",
        "第 2 号导入",
        "第 1 号导入",
    ]
    page = road.client.get(f"/registry/items/{item.id}").text
    assert "第 2 号导入" in page and "停用" in page
    assert refused("items", head, ["own-1", "客运检查", "", "0.05"]) == (
        "抽查比例",
        "sampling.percent",
    )
    take_back(3)
    assert item.is_in_use
    assert "客运检查" in road.client.get("/registry/items?q=kyjc").text


def test_every_short_list_is_found_by_initials_and_narrowed(road: Road, desk: None) -> None:
    load("officers", *OFFICERS)
    load("teams", TEAMS, ["交通运输局", "执法一中队", "乙", ""], ["市场监管局", "稽查二组", "", ""])
    head = ["姓名", "职责", "任职日期", "截止日期"]
    gone = ["某县长", "组长", "2020-01-01", "2024-12-31"]
    load("group", head, gone, ["某局长", "副组长", "2020-01-01", ""])
    load(
        "tags", ["适用", "编号", "名称"], ["检查对象", "S1", "两客一危"], ["检查对象", "S2", "校车"]
    )

    client = road.client
    for query, inside, outside in (
        ("organisation?q=zfyzd", "执法一中队", "稽查二组"),
        ("organisation?state=past", "某县长", "某局长"),
        ("organisation?role=deputy", "某局长", "某县长"),
        ("tags?for=firms&q=lkyw", "两客一危", "校车"),
    ):
        page = client.get(f"/registry/{query}").text
        assert inside in page and outside not in page.partition("<tbody")[2], query
        for code in ("teams", "group") if "organisation" in query else ("tags",):
            path = f"/registry/exports/{code}.csv?{query.partition('?')[2]}"
            assert path.replace("&", "&amp;") in page, query
    rows = client.get("/registry/exports/teams.csv?q=zfyzd").data.decode("utf-8-sig")
    assert "执法一中队" in rows and "稽查二组" not in rows
    rows = client.get("/registry/exports/tags.csv?for=firms&q=lkyw").data.decode("utf-8-sig")
    assert "两客一危" in rows and "校车" not in rows
