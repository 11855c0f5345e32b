"""What a clerk types finds the firm, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from domain.access import Actor
from server.db import db
from server.registry import service as registry
from server.registry.firms import LACKS
from tests.integration.registry.county import build_county, office_of

pytestmark = pytest.mark.both

SHUNDA = "91140522MA0K00013Y"
HONGYUAN = "91130534MA0K000137"
OLD = "140522000000001"


@pytest.fixture
def office(app: Flask) -> Iterator[Actor]:
    """Two firms with a code and one with an old number; the first has two trades and a vehicle."""
    with app.app_context():
        actor = office_of(build_county())
        registry.add_tag(actor, "firms", tag("T-1", "两客一危", "安全风险"))
        registry.add_tag(actor, "firms", tag("T-2", "校车", "安全风险"))
        shunda = registry.add_firm(
            actor,
            firm("阳城县顺达客运有限公司", SHUNDA, "passenger")
            | {
                "more_categories": ["hazmat"],
                "licence_no": "晋交运管许可阳城字140522000017号",
                "area": "城关镇",
                "labels": ["T-1"],
                "tier": "low",
            },
        )
        registry.save_vehicle(actor, shunda.id, vehicle("晋E·12345"))
        registry.add_firm(actor, firm("清河宏远（集团）物流", HONGYUAN, "freight"))
        registry.add_firm(
            actor, firm("老街修理铺", OLD, "repair") | {"no_uscc_reason": "个体户未换证"}
        )
        yield actor


def firm(name: str, uscc: str, category: str) -> dict[str, object]:
    return {"name": name, "uscc": uscc, "category": category, "address": f"{name[:2]}街 1 号"}


def tag(code: str, name: str, group: str = "") -> dict[str, str]:
    return {"code": code, "name": name, "group_name": group, "origin": "province"}


def vehicle(plate: str) -> dict[str, str]:
    return {"plate": plate, "color": "yellow", "kind": "大型客车", "permit_no": ""}


def found(actor: Actor, **wanted: object) -> list[str]:
    page = registry.list_firms(actor, wanted=registry.FirmFilter(**wanted))  # type: ignore[arg-type]
    assert page.total == len(page.rows)
    return [row.uscc for row in page.rows]


def test_words_initials_codes_licences_and_plates_find_the_firm(office: Actor) -> None:
    for words in (
        "顺达", "阳城县 客运", "ycxsd", "SDKY", SHUNDA, SHUNDA.lower(), "522ma0k00013",
        "140522000017", "晋交运管许可阳城字140522000017号", "晋E12345", "e12345", "12345",
        "晋ｅ１２３４５", "阳城街",
    ):  # fmt: skip
        assert found(office, q=words) == [SHUNDA], words
    for words in ("%", "_", "顺达 货运", "晋E54321", "91140522MA0K00013X"):
        assert found(office, q=words) == [], words


def test_brackets_of_either_width_find_the_firm_and_a_new_name_is_found_at_once(
    office: Actor,
) -> None:
    assert found(office, q="宏远(集团)") == found(office, q="宏远（集团）") == [HONGYUAN]
    (row,) = registry.list_firms(office, "宏远").rows
    values = firm("清河众诚物流", HONGYUAN, "freight")
    registry.edit_firm(office, row.id, values, registry.version_of(office, "firms", row.id))
    assert found(office, q="qhzc") == [HONGYUAN]
    assert found(office, q="宏远") == []


def test_a_firm_of_two_trades_is_counted_filtered_and_drawn_in_both(office: Actor) -> None:
    for trade in ("passenger", "hazmat"):
        assert found(office, category=trade) == [SHUNDA]
        assert [one.uscc for one in registry.list_eligible_firms(office, trade)] == [SHUNDA]
    assert found(office, category="haz") == []
    counts = registry.count_firms(office)
    assert counts["passenger"] == counts["hazmat"] == {"low": 1}
    assert registry.count_firms_by_tier(office) == {"low": 1, "none": 2}


def test_label_group_area_tier_and_gaps_narrow_the_register(office: Actor) -> None:
    assert found(office, labels=["T-1"]) == [SHUNDA]
    assert found(office, labels=["T-2"]) == []
    group = registry.codes_of_group(office, "firms", "安全风险")
    assert sorted(group) == ["T-1", "T-2"] and found(office, labels=group) == [SHUNDA]
    assert found(office, area="城关镇") == [SHUNDA] and registry.list_areas(office) == ["城关镇"]
    assert found(office, tier="low") == [SHUNDA]
    assert set(found(office, tier="none")) == {HONGYUAN, OLD}
    gaps = registry.count_gaps(office)
    assert (gaps.total, gaps.lacking) == (
        3, {"tier": 2, "place": 3, "licence": 2, "contact": 3},
    )  # fmt: skip
    for name in LACKS:
        assert len(found(office, lacks=name)) == gaps.lacking[name]


def test_only_firms_in_business_are_drawn_and_none_leaves_the_register(office: Actor) -> None:
    (row,) = registry.list_firms(office, "顺达").rows
    registry.change_firm_status(office, row.id, "suspended", "停业整顿")
    assert registry.list_eligible_firms(office, "passenger") == []
    assert registry.count_gaps(office).total == 2
    assert found(office, q="顺达") == found(office, status="suspended") == [SHUNDA]
    registry.change_firm_status(office, row.id, "open", "整改合格")
    assert len(registry.list_eligible_firms(office, "passenger")) == 1


def test_a_replaced_code_still_finds_the_firm(office: Actor) -> None:
    (row,) = registry.list_firms(office, OLD).rows
    values = firm("老街修理铺", "92140522MA0K00013U", "repair")
    registry.edit_firm(office, row.id, values, registry.version_of(office, "firms", row.id))
    assert found(office, q=OLD) == ["92140522MA0K00013U"]
    db.session.expire_all()
    assert registry.get_firm(office, row.id).former_usccs == [OLD]


def test_the_order_is_the_one_asked_for(office: Actor) -> None:
    page = registry.list_firms(office, sort="tier", is_descending=True)
    assert page.rows[0].uscc == SHUNDA
    page = registry.list_firms(office, sort="name")
    assert [one.name for one in page.rows] == sorted(one.name for one in page.rows)
