"""Published plan tables: what each row is understood as, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.errors import Fault
from server.accounts.service import list_departments
from server.db import db
from server.planning.models import Plan, PlanTask
from server.planning.service import UnderstoodRow, import_plan, list_own_tasks, note_text
from server.registry.service import sheet_lists_for
from tests.conftest import Beginning
from tests.integration.registry.county import DATA, LISTED, build_county, enter_listed

COUNTY = "yangcheng-county-2024-joint.csv"
INTERNAL = "yangcheng-transport-2024-internal.csv"
JOINT = "yangcheng-transport-2024-joint.csv"
QINGHE = "qinghe-transport-2024.csv"
PINGLUO = "pingluo-2018-items.csv"
ROWS = {COUNTY: 63, INTERNAL: 4, JOINT: 3, QINGHE: 2, PINGLUO: 5}


@pytest.fixture
def beginning() -> Beginning:
    """All lists imported."""
    return LISTED


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[int]:
    """For how rows are understood, which no database changes."""
    with sqlite_app.app_context():
        yield enter_listed(sqlite_app)


@pytest.fixture
def county_on_both(app: Flask) -> Iterator[int]:
    """For what is stored."""
    with app.app_context():
        yield enter_listed(app)


def read(name: str) -> bytes:
    return (DATA / "plans" / name).read_bytes()


def understood(name: str) -> list[UnderstoodRow]:
    return list(import_plan(None, name, read(name), dry_run=True).rows)


def task(name: str, row_no: int) -> PlanTask:
    import_plan(None, name, read(name))
    return db.session.scalars(select(PlanTask).where(PlanTask.row_no == row_no)).one()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both
@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_published_tables_is_imported(county_on_both: int, name: str) -> None:
    report = import_plan(None, name, read(name))
    assert report.imported == ROWS[name] == count(PlanTask)
    assert report.as_dict()["imported"] == ROWS[name]


@pytest.mark.parametrize("name", ROWS)
def test_same_file_again_imports_nothing(county_on_both: int, name: str) -> None:
    first = import_plan(None, name, read(name))
    again = import_plan(None, "another name.csv", read(name))
    assert (again.imported, again.is_unchanged) == (0, True)
    assert again.plan_id == first.plan_id
    assert (count(Plan), count(PlanTask)) == (1, ROWS[name])


def test_dry_run_shows_the_rows_and_stores_nothing(county: int) -> None:
    report = import_plan(None, COUNTY, read(COUNTY), dry_run=True)
    assert (report.imported, len(report.rows), report.plan_id) == (0, 63, None)
    assert count(Plan) == 0


def test_county_rows_of_the_bureau_initiate_hazmat_ride_hailing_and_repair(county: int) -> None:
    own = {r.row: r.category for r in understood(COUNTY) if r.ownership == "initiating"}
    assert own == {11: "hazmat", 12: "ride_hailing", 13: "repair"}


def test_county_row_23_is_a_cooperating_task(county: int) -> None:
    row = understood(COUNTY)[22]
    assert (row.ownership, row.category) == ("cooperating", "vehicle_test")
    assert "vehicle_test" in row.checklist_codes
    assert row.task_no.startswith("联2024")


def test_city_rows_are_kept_but_not_counted_as_ours(county: int) -> None:
    kinds = Counter(row.ownership for row in understood(COUNTY))
    assert kinds == {"initiating": 3, "cooperating": 1, "city": 15, "other": 44}
    assert all(not r.checklist_codes for r in understood(COUNTY) if not r.is_own)


def test_bureaus_own_plan_is_matched_to_its_four_trades(county: int) -> None:
    assert [row.category for row in understood(INTERNAL)] == [
        "passenger",
        "freight",
        "taxi",
        "driver_training",
    ]
    assert {row.ownership for row in understood(INTERNAL)} == {"initiating"}


def test_joint_tasks_carry_the_market_regulators_list(county: int) -> None:
    assert [row.checklist_codes for row in understood(JOINT)] == [
        ("common", "hazmat", "market_reg"),
        ("common", "repair", "market_reg"),
        ("common", "ride_hailing", "market_reg"),
    ]


def test_task_whose_words_name_no_trade_is_found_by_file_and_row(county: int) -> None:
    assert [row.category for row in understood(QINGHE)] == ["freight", "highway_works"]
    renamed = import_plan(None, "next year.csv", read(QINGHE), dry_run=True)
    assert [row.category for row in renamed.rows] == [None, "highway_works"]


def test_campaign_row_with_three_trades_brings_three_lists(county: int) -> None:
    first = understood(PINGLUO)[0]
    assert first.checklist_codes == ("common", "passenger", "freight", "station")
    assert (first.ratio_percent, first.is_minimum, first.fixed_count) == (Decimal(10), True, 11)


def test_ratio_without_a_number_of_times_is_noted(county: int) -> None:
    row = understood(COUNTY)[50]
    assert (row.ratio_percent, row.times_per_year) == (Decimal(10), None)
    assert any("频次" in note_text(note, "zh_CN") for note in row.notes)
    assert any("frequency" in note_text(note, "en") for note in row.notes)


def test_minimum_ratio_is_told_apart(county: int) -> None:
    rows = understood(COUNTY)
    assert [r.row for r in rows if r.is_minimum] == [24, 53, 54, 55, 56, 59, 60, 62, 63]


def test_every_original_cell_is_kept(county_on_both: int) -> None:
    import_plan(None, COUNTY, read(COUNTY))
    kept = db.session.scalars(select(PlanTask).where(PlanTask.row_no == 58)).one()
    assert kept.cells["抽查对象范围"] == "全市商场(超市)(≥300m <sup>2</sup> )"
    assert kept.object_scope == "全市商场(超市)(≥300m²)"


def test_gbk_file_is_read_like_utf8(county: int) -> None:
    text = read(COUNTY).decode("utf-8")
    assert import_plan(None, COUNTY, text.encode("gbk")).imported == 63


def test_file_with_a_byte_order_mark_is_read(county: int) -> None:
    assert import_plan(None, INTERNAL, b"\xef\xbb\xbf" + read(INTERNAL)).imported == 4


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "reason"),
    [
        ("30% 1次/年", "三成", 2, "抽查比例及频次", "plan.bad_ratio"),
        ("30% 1次/年", "130% 1次/年", 2, "抽查比例及频次", "plan.bad_ratio"),
        ("3月-10月", "13月-10月", 2, "抽查起止时间", "plan.bad_window"),
        ("县教育局,县市场监管局,县抽县查", "县教育局,县抽县查", 2, "抽查检查模式", "plan.ragged"),
        ("抽查比例及频次", "比例", 1, "抽查比例及频次", "plan.missing_column"),
        ("\n2,", "\n1,", 3, "序号", "plan.duplicate"),
    ],
)
def test_malformed_file_leaves_nothing_behind(
    county: int, old: str, new: str, row: int, column: str, reason: str
) -> None:
    broken = read(COUNTY).decode().replace(old, new, 1).encode()
    with pytest.raises(Fault) as refused:
        import_plan(None, COUNTY, broken)
    assert refused.value.code == "plan.malformed"
    details = refused.value.details
    assert (details["row"], details["column"], details["reason"]) == (row, column, reason)
    assert (count(Plan), count(PlanTask)) == (0, 0)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("不低于10%", "10% 999999999999次/年", "抽查比例"),
        ("不低于10%", "10%，将随机抽取99999999999户市场主体进行抽查", "抽查比例"),
        ("联 033", "联" + "0" * 50, "抽查任务编号"),
    ],
)
def test_number_no_column_could_hold_is_refused(
    county_on_both: int, old: str, new: str, column: str
) -> None:
    with pytest.raises(Fault) as refused:
        import_plan(None, QINGHE, read(QINGHE).decode().replace(old, new, 1).encode())
    assert refused.value.code == "plan.malformed"
    assert (refused.value.details["row"], refused.value.details["column"]) == (2, column)


def test_same_file_sent_twice_at_once_is_imported_once(app: Flask) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from server.db import scope_to

    with app.app_context():
        made = enter_listed(app)

    def send(_number: int) -> int:
        with app.app_context():
            scope_to(made)
            return import_plan(None, COUNTY, read(COUNTY)).imported

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(send, range(4))) == [0, 0, 0, 63]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x00\x01\x02\xff", "plan.encoding"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "plan.encoding"),
        (b"", "plan.empty"),
        ("甲,乙\n1,2\n".encode(), "plan.unknown_header"),
    ],
)
def test_what_is_no_plan_is_refused(county: int, data: bytes, code: str) -> None:
    with pytest.raises(Fault) as refused:
        import_plan(None, "x.csv", data)
    assert refused.value.code == code
    assert count(Plan) == 0


@pytest.mark.both
def test_failure_while_storing_leaves_nothing_behind(
    county_on_both: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import server.planning.importing as importing

    def fail(*_args: object, **_details: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(importing, "write_event", fail)
    with pytest.raises(RuntimeError):
        import_plan(None, COUNTY, read(COUNTY))
    assert (count(Plan), count(PlanTask)) == (0, 0)


@pytest.mark.both
def test_task_numbers_go_on_from_plan_to_plan(county_on_both: int) -> None:
    import_plan(None, INTERNAL, read(INTERNAL), year=2026)
    import_plan(None, JOINT, read(JOINT), year=2026)
    import_plan(None, COUNTY, read(COUNTY), year=2026)
    numbers = [task.task_no for task in list_own_tasks(None, 2026)]
    assert numbers[:5] == ["内2026001", "内2026002", "内2026003", "内2026004", "联2026001"]
    assert numbers[-1] == "联2026007"
    assert len(set(numbers)) == 11


def test_plan_of_another_county_does_not_count_as_imported(county_on_both: int) -> None:
    import_plan(None, INTERNAL, read(INTERNAL))
    build_county("140597", "邻县")
    assert import_plan(None, INTERNAL, read(INTERNAL)).imported == 4


def test_each_department_gets_its_own_items_on_its_sheet(county_on_both: int) -> None:
    repair = task(JOINT, 2)
    sheets = {d.code: sheet_lists_for(repair, d) for d in list_departments()}
    lists = {code: [one["list"] for one in found] for code, found in sheets.items()}
    assert lists == {
        "tr": ["common@1", "repair@1"],
        "mr": ["repair@1", "market_reg@1"],
        "ee": ["repair@1"],
        "ps": [],
    }
    by_list = {one["list"]: one["items"] for one in sheets["tr"]}
    assert not {"RPR-13", "RPR-14", "RPR-15"} & set(by_list["repair@1"])
    assert sheets["ee"][0]["items"] == ["RPR-13", "RPR-14"]
    assert sheets["mr"][0]["items"] == ["RPR-15"]


def test_every_item_of_a_joint_task_is_on_exactly_one_sheet(county: int) -> None:
    for name in (JOINT, COUNTY):
        import_plan(None, name, read(name))
    for one in list_own_tasks(None):
        items = [
            item
            for department in list_departments()
            for entry in sheet_lists_for(one, department)
            for item in entry["items"]
        ]
        assert len(items) == len(set(items))
        assert items
