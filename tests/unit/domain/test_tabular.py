"""Cells of office tables: what spreadsheets make of a text, and that writing and reading agree."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tabular import (
    CellRefused,
    cell_text,
    dump_degrees,
    guard_formula,
    read_choice,
    read_count,
    read_day,
    read_degrees,
    read_text,
    split_words,
    tidy,
)

CATEGORIES = {"passenger": "道路客运", "freight": "道路货运"}


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (10000000000.0, "10000000000"),
        (140599000001.0, "140599000001"),
        (46.0, "46"),
        (35.4862, "35.4862"),
        (datetime(2024, 3, 1), "2024-03-01"),
        (date(2024, 3, 1), "2024-03-01"),
        (True, "是"),
        (None, ""),
        ("  名称\n二行 ", "名称 二行"),
        ("'=SUM(A1)", "=SUM(A1)"),
        ("'单引号", "'单引号"),
    ],
)
def test_what_a_spreadsheet_made_of_a_text_is_text_again(stored: object, text: str) -> None:
    assert cell_text(stored) == text


@pytest.mark.parametrize("stored", [911405220001234567.0, "9.11405E+17", "1.38E+10", "9E17"])
def test_number_whose_digits_were_lost_is_told_from_a_text(stored: object) -> None:
    with pytest.raises(CellRefused) as refused:
        read_text(cell_text(stored), 64)
    assert refused.value.code == "cell.number_cut"


@pytest.mark.parametrize(
    "text",
    ["2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日", "2024年03月01日", "20240301",
     "2024-3-1 00:00:00", "２０２４年３月１日"],
)  # fmt: skip
def test_day_is_read_as_offices_write_it(text: str) -> None:
    assert read_day(text) == "2024-03-01"


@pytest.mark.parametrize("text", ["2024-02-30", "3月1日", "长期", "45352", "2024-13-01", "24-1-1"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(CellRefused) as refused:
        read_day(text)
    assert refused.value.code == "date.malformed"


@pytest.mark.parametrize("text", ["", "-1", "1.5", "四十六", "1e3", "9999999999", "½"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(CellRefused):
        read_count(text)


def test_word_and_code_are_the_same_choice_and_others_name_what_is_known() -> None:
    assert read_choice("道路 客运", CATEGORIES) == read_choice("passenger", CATEGORIES)
    with pytest.raises(CellRefused) as refused:
        read_choice("摆渡", CATEGORIES)
    assert refused.value.details["known"] == ["道路客运", "道路货运"]


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    spellings = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        cell_text(datetime(day.year, day.month, day.day)),
    )
    assert {read_day(text) for text in spellings} == {day.isoformat()}


@given(st.integers(0, 999_999))
def test_every_count_is_read_back_with_and_without_commas(number: int) -> None:
    assert read_count(f"{number:,}") == read_count(str(number)) == number
    assert read_count(cell_text(float(number))) == number


@given(st.integers(73 * 10**7, 136 * 10**7))
def test_every_place_is_read_back_to_the_last_digit(value: int) -> None:
    assert read_degrees(dump_degrees(value), 73, 136) == value


@given(st.text())
def test_any_text_becomes_one_line_and_stays_it(text: str) -> None:
    once = tidy(text)
    assert not any(ord(c) < 0x20 for c in once) and once == once.strip()


@given(st.text().map(tidy).filter(lambda text: not text.startswith("'")))
def test_exported_text_is_no_formula_and_is_read_back(text: str) -> None:
    written = guard_formula(text)
    assert written[:1] not in ("=", "+", "-", "@")
    assert tidy(written) == tidy(text)


@given(st.text())
def test_readers_refuse_and_never_break(text: str) -> None:
    for read in (read_day, read_count, lambda t: read_degrees(t, 3, 54)):
        try:
            read(text)
        except CellRefused as refused:
            assert refused.code


@given(st.lists(st.text("甲乙丙丁", min_size=1), unique=True), st.sampled_from("、，,；; |"))
def test_list_is_read_back_whatever_divides_it(words: list[str], mark: str) -> None:
    assert split_words(mark.join([*words, *words])) == words
