"""Classes of risk, experts and agencies go in and out as the registers do."""

from __future__ import annotations

from sqlalchemy import select

from server.db import db
from server.organisation.models import Expert
from server.registry import service as registry
from server.registry.models import Firm
from tests.integration.exchange.tables import HEAD, Road, csv_bytes, firm_rows, numbers
from tests.integration.exchange.test_labels_and_codes import firm

TIERS = ["信用代码", "企业名称", "信用风险分类", "分类日期", "行业风险", "行业等级日期"]
EXPERTS = ["类型", "姓名", "工作单位", "资质编号", "有效期至", "专业", "电话"]
CODE, OTHER = (row[0] for row in firm_rows(2))


def begin(road: Road) -> Road:
    """Two firms without any class; answers the road of the classes."""
    rows = [[*row[:3], "", *row[4:]] for row in firm_rows(2)]
    road.preview(csv_bytes([HEAD, *rows]))
    road.post("confirm")
    return Road(road.client, "tiers")


def classes(*rows: list[str]) -> bytes:
    return csv_bytes([TIERS, *rows])


def classed(number: int) -> list[tuple[str, str | None, str, bool]]:
    db.session.rollback()
    found = registry.list_tiers(None, number)
    return [(one.kind, one.tier, one.as_of.isoformat(), one.is_worse) for one in found]


def test_classes_are_imported_with_their_days_and_leave_names_alone(road: Road, desk: None) -> None:
    tiers = begin(road)
    file = classes(
        [CODE, "别的名称", "一般", "2024年6月1日", "高", "2024-05-01"], [OTHER, "", "A", "", "", ""]
    )
    assert numbers(tiers.preview(file)) == [0, 2, 0, 0]
    tiers.post("confirm")
    kept = firm(CODE)
    assert (kept.name, kept.tier, kept.industry_tier) == (firm_rows(1)[0][1], "normal", "high")
    assert sorted(classed(kept.id)) == [
        ("credit", "normal", "2024-06-01", False),
        ("industry", "high", "2024-05-01", False),
    ]
    assert numbers(Road(road.client, "tiers").preview(file)) == [0, 0, 2, 0]
    worse = Road(road.client, "tiers")
    worse.preview(classes([CODE, "", "高", "2024-09-01", "", ""]))
    worse.post("confirm")
    assert [one.firm_id for one in registry.list_worsened(None)] == [kept.id]
    data = road.client.get("/registry/exports/tiers.xlsx?tier=high").data
    again = Road(road.client, "tiers")
    assert numbers(again.preview(data, "分类.xlsx")) == [0, 0, 1, 0]


def test_class_older_than_the_one_on_record_is_kept_as_history_only(road: Road, desk: None) -> None:
    tiers = begin(road)
    tiers.preview(classes([CODE, "", "一般", "2024-03-01", "", ""]))
    tiers.post("confirm")
    tiers.preview(classes([CODE, "", "高", "2024-06-01", "", ""]))
    tiers.post("confirm")
    number = firm(CODE).id
    old = Road(road.client, "tiers")
    file = classes([CODE, "", "低", "2023-06-01", "", ""])
    shown = old.preview(file)
    assert numbers(shown) == [0, 1, 0, 0] and "2023-06-01 低风险" in shown
    old.post("confirm")
    assert (firm(CODE).tier, str(firm(CODE).tier_as_of)) == ("high", "2024-06-01")
    assert classed(number)[-1] == ("credit", "low", "2023-06-01", False)
    page = road.client.get(f"/registry/firms/{number}").text
    assert "2023-06-01" in page or "2023年6月1日" in page
    # what is past hides no warning, and is not brought twice
    assert [one.firm_id for one in registry.list_worsened(None)] == [number]
    assert numbers(Road(road.client, "tiers").preview(file)) == [0, 0, 1, 0]
    assert "恢复 1 条" in old.post("undo")
    assert len(classed(number)) == 2 and firm(CODE).tier == "high"


def test_class_of_an_unknown_firm_or_a_day_to_come_is_an_error(road: Road, desk: None) -> None:
    tiers = begin(road)
    stranger = firm_rows(1, first=9)[0][0]
    shown = tiers.preview(
        classes([stranger, "", "高", "2024-06-01", "", ""], [CODE, "", "高", "2199-01-01", "", ""])
    )
    assert numbers(shown) == [0, 0, 0, 2]
    assert "名录库中没有信用代码为" in shown and "2199-01-01 还没有到" in shown
    assert len(list(db.session.scalars(select(Firm)))) == 2


def test_experts_and_agencies_go_out_and_come_back_unchanged(road: Road, desk: None) -> None:
    experts = Road(road.client, "experts")
    table = [
        EXPERTS,
        ["专家", "某甲", "某学院", "ZJ-001", "2030-12-31", "危险货物运输、机动车维修", "0000-1"],
        ["专业机构", "某检测有限公司", "", CODE, "", "", ""],
        ["专家", "某乙", "", "", "", "", ""],
        ["专家", "某丙", "", "ZJ-003", "", "火箭", ""],
    ]
    shown = experts.preview(csv_bytes(table))
    assert numbers(shown) == [2, 0, 0, 2] and "“火箭”不在可选范围内" in shown
    experts.post("confirm", {"partial": "1"})
    found = {one.number: one for one in db.session.scalars(select(Expert))}
    assert found["ZJ-001"].labels == ["hazmat", "repair"] and found["ZJ-001"].name_initials == "mj"
    assert found[CODE].kind == "agency"
    assert "某甲" in road.client.get("/registry/experts?q=mj").text
    history = road.client.get(f"/registry/experts/{found['ZJ-001'].id}").text
    assert "某学院" in history
    data = road.client.get("/registry/exports/experts.csv?label=repair").data
    assert "某甲" in data.decode("utf-8-sig") and CODE not in data.decode("utf-8-sig")
    for form in ("xlsx", "csv"):
        data = road.client.get(f"/registry/exports/experts.{form}").data
        again = Road(road.client, "experts")
        assert numbers(again.preview(data, f"专家.{form}")) == [0, 0, 2, 0]
    swapped = [EXPERTS, ["专业机构", "某甲", "", "ZJ-001", "", "", ""]]
    assert "已属于“某甲”" in Road(road.client, "experts").preview(csv_bytes(swapped))
    assert "停用 2 条" in experts.post("undo")
    assert "某甲" not in road.client.get("/registry/experts").text


def test_classes_find_a_firm_by_a_code_it_had_before_but_once(road: Road, desk: None) -> None:
    old = firm_rows(1, first=9)[0][0]
    tiers = begin(road)
    road.preview(csv_bytes([[HEAD[0], "曾用信用代码"], [CODE, f"{old}、140522000012345"]]))
    road.post("confirm")
    shown = tiers.preview(classes([old, "", "高", "2024-06-01", "", ""]))
    assert numbers(shown) == [0, 1, 0, 0] and f"{old} → {CODE}" in shown
    tiers.post("confirm")
    kept = firm(CODE)
    assert (kept.uscc, kept.tier, kept.former_usccs[0]) == (CODE, "high", old)
    file = classes(
        [CODE, "", "高", "2024-06-01", "", ""], ["140522000012345", "", "低", "", "", ""]
    )
    shown = Road(road.client, "tiers").preview(file)
    assert numbers(shown) == [0, 0, 1, 1] and "重复" in shown


def test_older_class_in_a_firms_file_goes_into_the_history_only(road: Road, desk: None) -> None:
    head = [*HEAD[:4], "分类日期", "联系电话"]
    code, name, trade, *_ = firm_rows(1)[0]
    road.preview(csv_bytes([head, [code, name, trade, "高", "2024-06-01", "0000-1"]]))
    road.post("confirm")
    number = firm(CODE).id
    old = Road(road.client)
    file = csv_bytes([head, [code, name, trade, "低", "2023-06-01", "0000-2"]])
    shown = old.preview(file)
    assert numbers(shown) == [0, 1, 0, 0]
    assert "以前的等级，只记入历史" in shown and "2023-06-01 低风险" in shown
    old.post("confirm")
    kept = firm(CODE)
    assert (kept.tier, str(kept.tier_as_of), kept.contact_phone) == ("high", "2024-06-01", "0000-2")
    assert ("credit", "low", "2023-06-01", False) in classed(number)
    assert numbers(Road(road.client).preview(file)) == [0, 0, 1, 0]
    old.post("undo")
    assert len(classed(number)) == 1 and firm(CODE).contact_phone == "0000-1"
