"""What of a result is public: the table's rules, and what masking makes of free text."""

from __future__ import annotations

import pytest

from domain.disclosure import Disclosure, Rule, Showing, Why, places_of
from domain.disclosure_table import DISCLOSURE
from domain.masking import mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800001234。", "电话×××。"),
        ("电话 138-0000 1234", "电话 ×××"),
        ("＋86 １３８００００１２３４", "×××"),
        ("座机0356-4221234、(0356)4221234", "座机×××、×××"),
        ("身份证140522199001011234、14052219900101123x", "身份证×××、×××"),
        ("老证140522900101123", "老证×××"),
        ("卡号6222020200001234567", "卡号×××"),
        ("晋E12345、晋e·12345、晋ED12345、晋E1234挂", "×××、×××、×××、×××"),
        ("车架号LSVAA4182E2184847", "车架号×××"),
        ("邮箱 zhang.san@example.com 已登记", "邮箱 ××× 已登记"),
        ("护照E12345678", "护照×××"),
    ],
)
def test_numbers_that_lead_to_a_person_are_unreadable(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91140522MA0K0001XX",
        "信用代码911405227010293847",
        "许可证号140522000123，有效期至2027-03-04",
        "抽查车辆12345台，不符6台",
        "《道路运输条例》第60条，阳交字〔2024〕48号",
        "2026年3月4日10:30整改完毕",
        "GB 7258-2017、JT/T 617.5-2018",
        "",
    ],
)
def test_numbers_of_firms_laws_and_days_stay(text: str) -> None:
    assert mask_text(text) == text


def test_people_known_from_the_record_are_not_named() -> None:
    text = "张三丰和张三在场，李不在"
    assert mask_text(text, ["张三", "张三丰", "李"]) == "张某和张某在场，李不在"


def test_what_nobody_decided_about_is_hidden() -> None:
    rule = Rule("r", "a", Showing.PUBLIC, Why.RESULT, ("R082",))
    table = Disclosure((rule,))
    assert table.disclose("r", {"a": 1, "b": 2, "c": {"a": 3}, "d": [{"a": 4}]}) == {"a": 1}
    assert table.disclose("other", {"a": 1}) == {}
    assert table.find("r", "b") is None and table.find("r", "a[].x") is rule


def test_masking_reaches_text_below_and_hiding_wins_below_a_public_place() -> None:
    table = Disclosure(
        (
            Rule("r", "items", Showing.PUBLIC, Why.RESULT, ("R082",)),
            Rule("r", "items[].note", Showing.MASKED, Why.WORDS, ("R082",)),
            Rule("r", "items[].by", Showing.HIDDEN, Why.PERSON, ("R082",)),
        )
    )
    told = table.disclose("r", {"items": [{"code": "A", "note": "13800001234", "by": "张三"}]})
    assert told == {"items": [{"code": "A", "note": "×××"}]}


def test_each_field_is_decided_once_and_says_by_which_clause() -> None:
    places = [(one.part, one.field) for one in DISCLOSURE.rules]
    assert len(places) == len(set(places))
    for one in DISCLOSURE.rules:
        is_internal = one.why is Why.INTERNAL
        assert bool(one.clauses) != is_internal, one
        assert is_internal <= (one.showing is Showing.HIDDEN), one


def test_photos_signatures_and_addresses_are_never_public() -> None:
    for place in ("items[].photos[]", "signatures[].name", "firm.address", "items[].answer.value"):
        rule = DISCLOSURE.find("result", place)
        assert rule is not None and rule.showing is Showing.HIDDEN, place


def test_places_are_told_through_lists_and_objects() -> None:
    assert list(places_of({"a": [{"b": 1}, {"c": []}], "d": {"e": None}})) == ["a[].b", "d.e"]
