"""The platform's spreadsheet is read as bureaus export it: titles, merged cells, many headers."""

from __future__ import annotations

import pytest

from domain.errors import Fault
from domain.official_draws import list_content_differences, parse_drawn_at, read_official

HEADER = ["序号", "回执号", "任务编号", "抽取时间", "检查对象名称", "统一社会信用代码",
          "检查部门", "执法人员", "执法证号"]  # fmt: skip


def table(*rows: list[str]) -> list[list[str]]:
    return [["示例县“双随机”抽查结果"], [], HEADER, *rows]


FIRST = ["1", "PT-7", "联2026001", "2026年3月2日 9:30", "甲厂", "91-A",
         "交通运输局", "张三", "0414a01"]  # fmt: skip
MERGED = ["", "", "", "", "", "", "", "李四", "0414A02"]
OTHER = ["2", "", "", "", "乙厂", "91-B", "市场监管局", "王五", "0414B01"]


def test_merged_cells_are_filled_down_and_titles_passed_over() -> None:
    sheet = read_official(table(FIRST, MERGED, OTHER, ["注：以上由平台生成"]))
    assert (sheet.official_no, sheet.task_no) == ("PT-7", "联2026001")
    assert sheet.drawn_at == "2026-03-02T09:30"
    first, second = sheet.firms
    assert [(one.name, one.cert_no, one.department, one.row) for one in first.officers] == [
        ("张三", "0414A01", "交通运输局", 4),
        ("李四", "0414A02", "交通运输局", 5),
    ]
    assert second.name == "乙厂" and second.uscc == "91B" and len(second.officers) == 1


def test_new_firm_takes_no_code_and_no_department_from_the_one_above() -> None:
    for place, column in ((5, "统一社会信用代码"), (6, "部门")):
        row = list(OTHER)
        row[place] = ""
        with pytest.raises(Fault) as refused:
            read_official(table(FIRST, row))
        assert refused.value.code == "official.blank_cell"
        assert refused.value.details == {"row": 5, "column": column}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([HEADER[:7]], "official.missing_columns"),
        ([], "official.missing_columns"),
        (table(), "official.empty"),
        (table(FIRST, ["2", "PT-8", *OTHER[2:]]), "official.mixed"),
        (table(FIRST, [*OTHER[:4], "丙厂", "91-A", *OTHER[6:]]), "official.repeated_firm"),
        (table([*FIRST[:4], "厂" * 121, *FIRST[5:]]), "official.long_cell"),
        (table([*FIRST[:3], "开春", *FIRST[4:]]), "date.malformed"),
    ],
)
def test_what_cannot_be_one_draw_is_refused_by_name(rows: list[list[str]], code: str) -> None:
    with pytest.raises(Fault) as refused:
        read_official(rows)
    assert refused.value.code == code


def test_time_of_the_draw_in_the_spellings_of_platforms() -> None:
    spellings = {
        "2026-03-02 09:30": "2026-03-02T09:30",
        "2026/3/2 9:30:12": "2026-03-02T09:30",
        "2026年3月2日9时30分": "2026-03-02T09:30",
        "2026.3.2": "2026-03-02T00:00",
    }
    assert {text: parse_drawn_at(text) for text in spellings} == spellings
    for wrong in ("2026-13-02", "03-02", "2026-03-02 25:00"):
        with pytest.raises(Fault):
            parse_drawn_at(wrong)


def test_order_of_rows_is_no_difference_and_another_officer_is() -> None:
    one = read_official(table(FIRST, MERGED, OTHER)).as_content("PT-7", "t")
    turned = [["3", *FIRST[1:7], *MERGED[7:]], [*FIRST[:7], "张三", "0414A01"]]
    other = read_official(table(OTHER[:1] + FIRST[1:4] + OTHER[4:], *turned))
    assert list_content_differences(one, other.as_content("PT-7", "t")) == []
    swapped = read_official(table(FIRST, [*MERGED[:7], "赵六", "0414A09"])).as_content("PT-7", "t")
    lines = list_content_differences(one, swapped)
    assert [line[0] for line in lines] == ["~", "−"] and "赵六" in lines[0]
