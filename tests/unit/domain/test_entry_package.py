"""What is entered on the platform: the platform's fields, worst-of, and the county's numbers."""

from typing import Any

import pytest

from domain.entry_package import (
    HEAD_FIELDS,
    ROW_FIELDS,
    EnteredVersion,
    PackageHead,
    build_package,
    exported_code,
    table_rows,
)
from domain.outcomes import RESULT_OF, VisitOutcome
from domain.platform_results import PlatformResults
from domain.results import EXPORTED_AS, RESULTS, LocalResult, firm_result, local_result

HEAD = PackageHead("34000020171000", "年度计划", "014052020260001", "客运检查", "定向")
NATIONAL = PlatformResults.read({}, {})
NAMES = {"A-1": "道路客运监管", "A-2": "道路客运监管", "B-1": "安全生产监管"}


def entry(code: str, result: int | None, outcome: str = "", *photos: str) -> dict[str, Any]:
    answer = {"outcome": outcome} if outcome else {"value": "pass"}
    return {
        "code": code, "text": f"检查项 {code}", "result": result, "answer": answer,
        "photos": list(photos),
    }  # fmt: skip


def package(
    *items: dict[str, Any], platform: PlatformResults = NATIONAL, status: str = "open"
) -> dict[str, Any]:
    snapshot = {
        "number": "2026-0001",
        "firm": {"name": "示例客运有限公司", "uscc": "91140522MA0K00013Y", "status": status},
        "department": {"code": "tr", "name": "交通运输局"},
        "ended_on": "2026-03-04",
        "entered": {"by": "王检查", "at": "2026-03-05T01:00:00+00:00"},
        "items": list(items),
    }
    visit = firm_result([exported_code(snapshot, platform), 1, None])
    return build_package(HEAD, EnteredVersion(2, "d" * 64, snapshot), NAMES, platform, visit)


def test_one_row_per_item_with_its_worst_result_and_the_firms_worst_on_top() -> None:
    made = package(entry("A-1", 1), entry("A-2", 8), entry("B-1", 5))
    assert [(r["seqno"], r["raninsItemName"], r["raninsCheckRes"]) for r in made["rows"]] == [
        ("1", "道路客运监管", "8"),
        ("2", "安全生产监管", "5"),
    ]
    assert (made["raninsCheckRes"], made["raninsCheckResName"]) == ("8", "发现问题待后续处理")
    assert (made["version"], made["sha256"]) == (2, "d" * 64)


def test_rows_say_everything_under_the_platforms_names_as_text() -> None:
    [row] = table_rows(package(entry("A-1", 1)))
    told = dict(zip((*HEAD_FIELDS, *ROW_FIELDS), row, strict=True))
    assert told == {
        "raninsPlanId": "34000020171000", "raninsPlaneName": "年度计划",
        "raninsTaskId": "014052020260001", "raninsTaskName": "客运检查", "raninsTypeName": "定向",
        "insAuth": "交通运输局", "insDate": "2026-03-04", "uniscId": "91140522MA0K00013Y",
        "entName": "示例客运有限公司", "seqno": "1", "raninsItemName": "道路客运监管",
        "raninsCheckRes": "1", "raninsCheckResName": "未发现问题",
    }  # fmt: skip


def test_an_entry_without_an_item_stands_by_its_own_text() -> None:
    assert package(entry("X-9", 1))["rows"][0]["raninsItemName"] == "检查项 X-9"


def test_an_entry_without_a_result_makes_no_row_and_stays_in_the_details() -> None:
    made = package(entry("A-1", 1), entry("B-1", None))
    assert len(made["rows"]) == 1 and made["checks"][1]["raninsCheckRes"] == ""


def test_each_picture_is_listed_once_with_all_it_proves() -> None:
    made = package(entry("A-1", 1, "", "aa", "bb"), entry("A-2", 1, "", "aa"))
    assert made["photos"] == [
        {"sha256": "aa", "items": ["A-1", "A-2"]},
        {"sha256": "bb", "items": ["A-1"]},
    ]


def test_a_county_names_results_as_its_platform_does() -> None:
    codes = {"8": {"number": "A", "text": "待后续处理"}, "1": {"number": "01"}}
    made = package(entry("A-1", 1), entry("B-1", 8), platform=PlatformResults.read(codes, {}))
    named = [(row["raninsCheckRes"], row["raninsCheckResName"]) for row in made["rows"]]
    assert named == [("01", "未发现问题"), ("A", "待后续处理")]


@pytest.mark.parametrize(
    ("outcome", "set_to", "number"),
    [
        ("closed", {}, "7"),
        ("closed", {"closed": 4}, "4"),
        ("moved", {}, "4"),
        ("moved", {"moved_out": 7}, "7"),
        ("unreachable", {"moved_out": 7}, "4"),
        ("deregistered", {"deregistered": 4}, "4"),
        ("licence_revoked", {}, "7"),
        ("licence_revoked", {"licence_revoked": 4, "closed": 7}, "4"),
        ("registration_cancelled", {"registration_cancelled": 4}, "4"),
    ],
)
def test_a_local_value_leaves_as_the_county_set_it(
    outcome: str, set_to: dict[str, int], number: str
) -> None:
    result = RESULT_OF[VisitOutcome(outcome)]
    platform = PlatformResults.read({}, set_to)
    made = package(entry("A-1", result, outcome), entry("B-1", result), platform=platform)
    assert {row["raninsCheckRes"] for row in made["rows"]} == {number}
    assert made["raninsCheckRes"] == number
    assert (made["visit"]["raninsCheckRes"], made["visit"]["entered"]) == (number, 2)


def test_every_local_value_leaves_as_7_or_4_and_every_result_has_a_number() -> None:
    assert set(EXPORTED_AS) == set(LocalResult)
    assert set(EXPORTED_AS.values()) <= {4, 7}
    assert {NATIONAL.name(code) for code in RESULTS} == {
        (str(code), result.zh) for code, result in RESULTS.items()
    }
    assert local_result(VisitOutcome.REFUSED) is None
    assert {local_result(one) for one in VisitOutcome} - {None} == set(LocalResult)


def test_a_firm_the_register_had_deregistered_at_entry_leaves_by_its_own_line() -> None:
    platform = PlatformResults.read({}, {"deregistered": 4})
    closed = entry("A-1", 7, "closed")
    assert package(closed, platform=platform)["raninsCheckRes"] == "7"
    gone = package(closed, platform=platform, status="deregistered")
    assert (gone["raninsCheckRes"], gone["checks"][0]["local"]) == ("4", "deregistered")
