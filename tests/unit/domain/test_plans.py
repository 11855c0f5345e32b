"""Plan tables: every published row is read, odd ones rightly, broken ones refused by name."""

import csv
import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Fault, Refused, message
from domain.plan_files import read_csv_rows
from domain.plan_rows import read_row
from domain.plans import (
    DrawMode,
    DrawType,
    Duty,
    DutyRole,
    Ownership,
    ParsedPlan,
    PlanKind,
    PlanRow,
    ownership,
    parse_draw_mode,
    parse_duties,
    parse_parties,
    parse_plan,
    parse_ratio,
    parse_tiers,
    parse_window,
    plain_text,
    propose_task_no,
)
from domain.sampling import RiskTier

OUR_NAMES = {"县交通局", "县交通运输局", "交通运输局", "交通局"}
Table = list[list[str]]


@pytest.fixture(scope="session")
def plans_folder(data_folder: Path) -> Path:
    return data_folder / "plans"


def _table(folder: Path, name: str) -> Table:
    return read_csv_rows((folder / f"{name}.csv").read_bytes())


@pytest.fixture
def county_table(plans_folder: Path) -> Table:
    return _table(plans_folder, "yangcheng-county-2024-joint")


@pytest.fixture
def county(county_table: Table) -> ParsedPlan:
    return parse_plan(county_table, 2024)


def _row(plan: ParsedPlan, seq: int) -> PlanRow:
    return next(row for row in plan.rows if row.seq == seq)


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("yangcheng-county-2024-joint", PlanKind.COUNTY_JOINT, 63),
        ("yangcheng-transport-2024-internal", PlanKind.INTERNAL, 4),
        ("yangcheng-transport-2024-joint", PlanKind.JOINT, 3),
        ("qinghe-transport-2024", PlanKind.NUMBERED_JOINT, 2),
        ("pingluo-2018-items", PlanKind.CAMPAIGN, 5),
    ],
)
def test_every_row_of_every_published_plan_is_read(
    plans_folder: Path, name: str, kind: PlanKind, count: int
) -> None:
    plan = parse_plan(_table(plans_folder, name), 2024)
    assert (plan.kind, len(plan.rows)) == (kind, count)
    for row in plan.rows:
        assert row.items
        assert row.objects
        assert row.initiators or row.cooperators
        assert 0 < row.ratio.percent <= 100


def test_county_plan_has_the_windows_modes_and_ratios_counted_by_hand(county: ParsedPlan) -> None:
    windows = Counter((row.window.start_month, row.window.end_month) for row in county.rows)
    assert windows == {
        (3, 10): 50, (3, 12): 8, (6, 10): 1, (3, 11): 1, (4, 11): 1, (7, 11): 1, (2, 12): 1,
    }  # fmt: skip
    assert Counter(mode for row in county.rows for mode in row.draw_modes) == {
        DrawMode.COUNTY_DRAWS_COUNTY_INSPECTS: 44,
        DrawMode.COUNTY: 4,
        DrawMode.CITY: 15,
        DrawMode.CITY_COUNTY: 1,
    }
    assert {row.seq for row in county.rows if row.ratio.is_minimum} == {
        24, 53, 54, 55, 56, 59, 60, 62, 63,
    }  # fmt: skip
    assert {row.window.year for row in county.rows} == {2024}


def test_row_51_has_no_number_of_times_and_says_so(county: ParsedPlan) -> None:
    row = _row(county, 51)
    assert (row.ratio.percent, row.ratio.times, row.ratio.text) == (10, None, "10% 次/年")
    assert [note.code for note in row.notes] == ["plan.note_times_missing"]
    assert [r.seq for r in county.rows if r.ratio.times is None] == [51]


def test_row_58_loses_its_markup_and_keeps_its_meaning(county: ParsedPlan) -> None:
    row = _row(county, 58)
    assert row.objects == "全市商场(超市)(≥300m²)"
    assert "<sup>" in row.cells["抽查对象范围"]


def test_row_60_names_two_modes(county: ParsedPlan) -> None:
    row = _row(county, 60)
    assert row.draw_modes == (DrawMode.CITY_COUNTY, DrawMode.CITY)
    assert [note.code for note in row.notes] == ["plan.note_several_modes"]


def test_rows_without_a_credit_risk_requirement_are_noted(county: ParsedPlan) -> None:
    blank = {
        row.seq for row in county.rows
        if any(note.code == "plan.note_credit_risk_blank" for note in row.notes)
    }  # fmt: skip
    assert blank == {1, 2, 4, 5, 7, 8, 27}
    assert all(row.tiers == tuple(RiskTier) for row in county.rows if row.seq not in blank)


def test_branch_office_printed_with_a_blank_is_one_body(county: ParsedPlan) -> None:
    assert _row(county, 10).initiators == ("市生态环境局阳城分局",)
    assert _row(county, 13).cooperators == ("县市场监管局", "市生态环境局阳城分局")
    assert _row(county, 23).cooperators == ("县交通运输局", "县生态环境局阳城分局")
    assert _row(county, 41).cooperators == ("县公安局", "县消防大队")


def test_county_rows_are_sorted_into_ours_theirs_and_the_citys(county: ParsedPlan) -> None:
    sorted_rows: dict[Ownership, list[int | None]] = {kind: [] for kind in Ownership}
    for row in county.rows:
        sorted_rows[ownership(row, OUR_NAMES)].append(row.seq)
    assert sorted_rows[Ownership.INITIATING] == [11, 12, 13]
    assert sorted_rows[Ownership.COOPERATING] == [23]
    assert sorted_rows[Ownership.CITY] == list(range(49, 64))
    assert len(sorted_rows[Ownership.OTHER]) == 44


def test_market_bureau_sees_the_same_plan_with_its_own_eyes(county: ParsedPlan) -> None:
    market = {"县市场监管局"}
    assert ownership(_row(county, 23), market) is Ownership.INITIATING
    assert ownership(_row(county, 11), market) is Ownership.COOPERATING
    # 市场监督管理局 begins with 市 but is no city bureau; the mode decides.
    assert ownership(_row(county, 63), market) is Ownership.CITY


@pytest.mark.parametrize(
    ("initiator", "kind"),
    [
        ("市文旅局", Ownership.CITY),
        ("市生态环境局 阳城分局", Ownership.OTHER),
        ("市场监督管理局", Ownership.OTHER),
        ("县公安局", Ownership.OTHER),
        ("交通运输局", Ownership.INITIATING),
    ],
)
def test_without_a_mode_the_initiators_name_tells_the_city(
    plans_folder: Path, initiator: str, kind: Ownership
) -> None:
    table = _table(plans_folder, "yangcheng-transport-2024-joint")
    table[1][table[0].index("发起部门")] = initiator
    assert ownership(parse_plan(table, 2024).rows[0], OUR_NAMES) is kind


def test_internal_rows_are_always_ours_and_name_three_tiers(plans_folder: Path) -> None:
    plan = parse_plan(_table(plans_folder, "yangcheng-transport-2024-internal"), 2024)
    assert [int(row.ratio.percent) for row in plan.rows] == [50, 20, 50, 30]
    for row in plan.rows:
        assert ownership(row, set()) is Ownership.INITIATING
        assert row.draw_type is DrawType.DIRECTED
        assert row.initiators == ("法治办",)
        assert row.lead_units == ("交通运输事业发展中心",)
        assert row.inspecting_bodies == ("交通运输局事业发展中心", "综合执法队")
        assert row.tiers == (RiskTier.LOW, RiskTier.NORMAL, RiskTier.ELEVATED)
        codes = {note.code for note in row.notes}
        assert codes == {"plan.note_times_missing", "plan.note_tiers_missing"}


def test_numbered_plan_keeps_official_numbers_and_its_own_year(plans_folder: Path) -> None:
    plan = parse_plan(_table(plans_folder, "qinghe-transport-2024"))
    first = plan.rows[0]
    assert (first.plan_no, first.official_task_no) == ("联2024033", "联 033")
    assert (first.window.year, first.window.start_month, first.window.end_month) == (2024, 6, 10)
    assert first.cooperators == ("市场监管",)
    assert [row.ratio.is_minimum for row in plan.rows] == [True, True]


def test_campaign_has_one_leading_department_and_a_fixed_count(plans_folder: Path) -> None:
    plan = parse_plan(_table(plans_folder, "pingluo-2018-items"))
    assert [row.lead_units for row in plan.rows] == [("交通局",), (), (), (), ()]
    assert [row.cooperators for row in plan.rows][1:] == [
        ("公安局",), ("安监局",), ("市场监管局",), ("运管所",),
    ]  # fmt: skip
    for row in plan.rows:
        assert (row.ratio.percent, row.ratio.is_minimum, row.ratio.fixed_count) == (10, True, 11)
        assert (row.window.starts_on, row.window.ends_on) == (
            date(2018, 11, 28),
            date(2018, 12, 31),
        )
        assert row.task_name is None


def test_header_wording_of_later_pages_is_understood(county_table: Table) -> None:
    header = [
        "抽查检查起止时间"
        if cell == "抽查起止时间"
        else cell.replace("(", "（").replace(")", " ）")
        for cell in county_table[0]
    ]
    header[0] = "\ufeff" + header[0]
    assert len(parse_plan([header, *county_table[1:]], 2024).rows) == 63


def test_columns_may_stand_in_another_order(county_table: Table) -> None:
    plan = parse_plan([row[::-1] for row in county_table], 2024)
    assert _row(plan, 11).initiators == ("县交通局",)


def _refused(table: Table) -> dict[str, object]:
    with pytest.raises(Fault) as refused:
        parse_plan(table, 2024)
    assert refused.value.code == "plan.malformed"
    for locale in ("zh_CN", "en"):
        assert "…" not in message("plan.malformed", locale, refused.value.details)
    return refused.value.details


def _told(details: dict[str, object]) -> tuple[object, object, object]:
    return details["row"], details["column"], details["reason"]


@pytest.mark.parametrize("column", range(9))
def test_missing_column_is_named(county_table: Table, column: int) -> None:
    name = county_table[0][column]
    table = [row[:column] + row[column + 1 :] for row in county_table]
    assert _told(_refused(table)) == (1, name, "plan.missing_column")


def test_half_of_the_columns_tell_which_table_it_is_fewer_do_not(county_table: Table) -> None:
    # Six of a campaign's columns make a table; three still name what is missing, two do not.
    campaign = [["抽查单位", "职责分工", "抽查比例", "备注"], ["a", "b", "5%", ""]]
    assert _told(_refused(campaign)) == (1, "抽查事项", "plan.missing_column")
    with pytest.raises(Fault) as refused:
        parse_plan([["抽查单位", "职责分工", "备注"], ["a", "b", "c"]])
    assert refused.value.code == "plan.unknown_header"


def test_unknown_and_repeated_columns_are_named(county_table: Table) -> None:
    extra = [[*row, "备注" if n == 0 else ""] for n, row in enumerate(county_table)]
    assert _told(_refused(extra)) == (1, "备注", "plan.unknown_column")
    twice = [[*row, row[1]] for row in county_table]
    assert _told(_refused(twice)) == (1, "抽查任务名称", "plan.repeated_column")


@pytest.mark.parametrize(
    ("row", "column", "text", "reason"),
    [
        (2, "抽查比例及频次", "一半", "plan.bad_ratio"),
        (64, "抽查比例及频次", "", "plan.blank"),
        (12, "抽查起止时间", "全年", "plan.bad_window"),
        (12, "抽查起止时间", "10月-3月", "plan.bad_window"),
        (5, "抽查检查模式", "省抽查", "plan.bad_mode"),
        (5, "发起部门", " ", "plan.blank"),
        (5, "配合部门", "", "plan.blank"),
        (5, "抽查任务名称", "<br>", "plan.blank"),
        (5, "序号", "四", "plan.bad_number"),
        (5, "序号", "²", "plan.bad_number"),
        (5, "序号", "9" * 5000, "plan.bad_number"),
        (5, "抽查比例及频次", "5% " + "9" * 5000 + "次/年", "plan.bad_ratio"),
        (5, "序号", "63", None),
    ],
)
def test_broken_cell_is_named_by_row_and_column(
    county_table: Table, row: int, column: str, text: str, reason: str | None
) -> None:
    county_table[row - 1][county_table[0].index(column)] = text
    if reason is None:
        details = _refused(county_table)
        assert _told(details) == (64, "序号", "plan.duplicate")
        assert details["other"] == 5
    else:
        assert _told(_refused(county_table)) == (row, column, reason)


def test_ragged_rows_are_named(county_table: Table) -> None:
    county_table[7] = county_table[7][:-2]
    details = _refused(county_table)
    assert _told(details) == (8, "配合部门", "plan.ragged")
    assert (details["found"], details["expected"]) == (8, 10)
    county_table[7] = [*county_table[6], "x"]
    assert _told(_refused(county_table)) == (8, "抽查检查模式", "plan.ragged")


def test_draw_type_and_duty_are_checked(plans_folder: Path) -> None:
    internal = _table(plans_folder, "yangcheng-transport-2024-internal")
    internal[3][2] = "随机"
    assert _told(_refused(internal)) == (4, "抽查类型", "plan.bad_type")
    campaign = _table(plans_folder, "pingluo-2018-items")
    campaign[2][1] = "观摩单位"
    assert _told(_refused(campaign)) == (3, "职责分工", "plan.bad_duty")


def test_empty_rows_are_passed_over_and_empty_plans_refused(county_table: Table) -> None:
    padded = [county_table[0], [""] * 10, county_table[1], ["", " "]]
    plan = parse_plan(padded, 2024)
    assert [row.row for row in plan.rows] == [3]
    for table in ([], [county_table[0]], [county_table[0], [""] * 10]):
        with pytest.raises(Fault) as refused:
            parse_plan(table)
        assert refused.value.code == "plan.empty"


@pytest.mark.parametrize("header", [["姓名", "电话"], ["序号", "企业名称", "地址"], [""]])
def test_table_that_is_no_plan_is_refused(header: list[str]) -> None:
    with pytest.raises(Fault) as refused:
        parse_plan([header, ["1"] * len(header)])
    assert refused.value.code == "plan.unknown_header"


@pytest.mark.parametrize(
    ("text", "percent", "is_minimum", "times", "count"),
    [
        ("50%", 50, False, None, None),
        ("100% 1次/年", 100, False, 1, None),
        ("不低于5% 1次/年", 5, True, 1, None),
        ("不低于10%", 10, True, None, None),
        ("10% 次/年", 10, False, None, None),
        ("2.5％ 2次/年", Decimal("2.5"), False, 2, None),
        ("不低于５％　１次／年", 5, True, 1, None),
        ("12.25%", Decimal("12.25"), False, None, None),
        (
            "按抽查比例不少于监管对象的10%抽取，将随机抽取11户市场主体进行抽查",
            10, True, None, 11,
        ),
    ],
)  # fmt: skip
def test_ratio_is_read(
    text: str, percent: Decimal, is_minimum: bool, times: int | None, count: int | None
) -> None:
    ratio = parse_ratio(text)
    assert not isinstance(ratio, Refused)
    assert (ratio.percent, ratio.is_minimum, ratio.times, ratio.fixed_count) == (
        percent, is_minimum, times, count,
    )  # fmt: skip
    assert ratio.text == text


@pytest.mark.parametrize(
    "text",
    ["", "50", "0%", "101%", "-5%", "50% 1次/月", "50% 0次/年", "约50%", "50%左右", "٥٠%", "5%%",
     "50%-60%", "12.345%", "0.001%"],
)  # fmt: skip
def test_ratio_that_is_not_understood_is_refused(text: str) -> None:
    assert parse_ratio(text) == Refused("plan.bad_ratio", {"text": text})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2月-12月", (2, 12, 2024, None, None)),
        ("2024年6月至10 月", (6, 10, 2024, None, None)),
        ("2023年3月－2023年9月", (3, 9, 2023, None, None)),
        ("2018年11月28日-12月31日", (11, 12, 2018, date(2018, 11, 28), date(2018, 12, 31))),
        ("2018年12月3日-12月8日", (12, 12, 2018, date(2018, 12, 3), date(2018, 12, 8))),
        ("5月-5月", (5, 5, 2024, None, None)),
        ("３月－１０月", (3, 10, 2024, None, None)),
        ("2018年12月3日-12月3日", (12, 12, 2018, date(2018, 12, 3), date(2018, 12, 3))),
    ],
)
def test_window_is_read(text: str, expected: tuple[object, ...]) -> None:
    window = parse_window(text, 2024)
    assert not isinstance(window, Refused)
    read = (window.start_month, window.end_month, window.year, window.starts_on, window.ends_on)
    assert read == expected


@pytest.mark.parametrize(
    "text",
    ["", "3月", "3-12", "0月-3月", "3月-13月", "12月-3月", "2018年11月31日-12月31日",
     "2018年12月8日-12月3日", "2018年12月-2019年1月", "三月-四月"],
)  # fmt: skip
def test_impossible_window_is_refused(text: str) -> None:
    assert parse_window(text, 2018) == Refused("plan.bad_window", {"text": text})


def test_window_without_any_year_keeps_none_but_days_need_one() -> None:
    window = parse_window("3月-12月")
    assert not isinstance(window, Refused)
    assert window.year is None
    assert isinstance(parse_window("3月1日-12月1日"), Refused)


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("", ()),
        ("县市场监管局", ("县市场监管局",)),
        ("县市场监管局 市生态环境局 阳城分局", ("县市场监管局", "市生态环境局阳城分局")),
        ("市生态环境局 阳城分局 县市场监管局", ("市生态环境局阳城分局", "县市场监管局")),
        (
            "市场监督管理局、晋城市生态环境局阳城分局",
            ("市场监督管理局", "晋城市生态环境局阳城分局"),
        ),
        ("县交通局 公安分局", ("县交通局", "公安分局")),
        ("县卫健局\n县消防大队", ("县卫健局", "县消防大队")),
    ],
)
def test_parties_are_separated(text: str, bodies: tuple[str, ...]) -> None:
    assert parse_parties(text) == bodies


def test_three_duties_in_one_cell() -> None:
    assert parse_duties("法治办发起/交通运输事业发展中心牵头") == (
        Duty("法治办", DutyRole.INITIATOR),
        Duty("交通运输事业发展中心", DutyRole.LEAD_UNIT),
    )
    assert parse_duties("综合执法队") == (Duty("综合执法队", None),)


@pytest.mark.parametrize("text", ["", "县抽市查", "市抽查 省抽查"])
def test_unknown_draw_mode_is_refused(text: str) -> None:
    assert isinstance(parse_draw_mode(text), Refused)


def test_elevated_risk_is_not_read_as_high() -> None:
    assert parse_tiers("对较高风险企业") == (RiskTier.ELEVATED,)
    assert parse_tiers("高风险、低风险") == (RiskTier.LOW, RiskTier.HIGH)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("≥300m <sup>2</sup> )", "≥300m²)"),
        ("m<SUP>3</SUP>", "m³"),
        ("甲<br/>乙", "甲 乙"),
        ("&lt;12吨&amp;", "<12吨&"),
        ("总质量<12吨且长度>3米", "总质量<12吨且长度>3米"),
        ("  两 \n 行 ", "两 行"),
    ],
)
def test_markup_is_taken_off_and_text_is_not(cell: str, text: str) -> None:
    assert plain_text(cell) == text


def test_own_task_number_is_prefix_year_and_three_digits() -> None:
    assert propose_task_no(True, 2024, 33) == "联2024033"
    assert propose_task_no(False, 2024, 1) == "内2024001"
    for number in (0, 1000):
        with pytest.raises(Fault) as refused:
            propose_task_no(True, 2024, number)
        assert refused.value.code == "plan.numbers_exhausted"


def test_csv_is_read_in_the_encodings_bureaus_save(plans_folder: Path) -> None:
    content = (plans_folder / "qinghe-transport-2024.csv").read_bytes()
    text = content.decode()
    expected = read_csv_rows(content)
    assert read_csv_rows(text.encode("gb18030")) == expected
    assert read_csv_rows(text.encode("utf-8-sig")) == expected
    assert read_csv_rows(b'a,"b\nc"\r\n') == [["a", "b\nc"]]


def test_what_a_spreadsheet_saves_as_unicode_text_is_read() -> None:
    rows = [["名称", "备注"], ["甲公司", "一,二"], ["乙\n公司", ""]]
    for separator in ",\t;":
        memory = io.StringIO(newline="")
        csv.writer(memory, delimiter=separator).writerows(rows)
        for encoding in ("utf-16", "gb18030", "utf-8-sig"):
            assert read_csv_rows(memory.getvalue().encode(encoding)) == rows


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "plan.empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", "plan.encoding"),
        (b"\xff\xfe\xff", "plan.encoding"),
        (b'a,b\n1,"2\n', "plan.malformed"),
    ],
)
def test_what_is_no_csv_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Fault) as refused:
        read_csv_rows(content)
    assert refused.value.code == code


def test_broken_quoting_is_refused_at_its_row() -> None:
    with pytest.raises(Fault) as refused:
        read_csv_rows(b'a,b\n1,"2"x\n')
    assert _told(refused.value.details) == (2, "-", "plan.unreadable")


@given(content=st.binary(max_size=200))
def test_no_bytes_whatever_crash_the_import(content: bytes) -> None:
    try:
        parse_plan(read_csv_rows(content), 2024)
    except Fault as refusal:
        assert refusal.code.startswith("plan.")


@given(
    seq=st.integers(1, 63),
    column=st.integers(0, 9),
    text=st.text(st.sampled_from("0123456789%月年日-至次/不低于 局市县、<sup>²"), max_size=12),
)
def test_any_cell_is_read_or_refused_at_its_place(
    data_folder: Path, seq: int, column: int, text: str
) -> None:
    table = _table(data_folder / "plans", "yangcheng-county-2024-joint")
    table[seq][column] = text
    try:
        assert len(parse_plan(table, 2024).rows) == 63
    except Fault as refusal:
        assert refusal.code == "plan.malformed"
        if refusal.details["reason"] != "plan.duplicate":
            assert refusal.details["row"] == seq + 1
            assert refusal.details["column"] == table[0][column]


@pytest.mark.parametrize(
    ("bodies", "notes"),
    [
        ("县交通运输局", []),
        ("县双随机抽查工作领导小组 县交通运输局", ["plan.note_body_coordinates"]),
        ("双随机联席会议", ["plan.note_only_coordinates"]),
    ],
)
def test_coordinating_body_named_to_inspect_is_kept_and_noted(
    plans_folder: Path, bodies: str, notes: list[str]
) -> None:
    whole = parse_plan(_table(plans_folder, "yangcheng-transport-2024-internal"), 2024).rows[0]
    row = read_row(PlanKind.INTERNAL, 1, {**whole.cells, "检查主体": bodies}, 2024)
    assert "、".join(row.inspecting_bodies) == bodies.replace(" ", "、")
    assert [note.code for note in row.notes if "coordinates" in note.code] == notes
