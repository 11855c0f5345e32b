"""The State Council's notices, read as they were printed."""

from datetime import date

import pytest

from domain.calendar import DayKind, WorkCalendar
from domain.errors import Fault
from domain.notice_text import read_notice_text

NOTICE_2026 = """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
　　二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
　　三、清明节：4月4日（周六）至6日（周一）放假，共3天。
　　四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
　　五、端午节：6月19日（周五）至21日（周日）放假，共3天。
　　六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
　　七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2025年11月4日
"""
NOTICE_2025 = """关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
"""
NOTICE_2024 = """国务院办公厅关于2024年部分节假日安排的通知 国办发明电〔2023〕7号
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
"""


def days_of(text: str, year: int | None = None) -> dict[date, DayKind]:
    return {one.day: one.kind for one in read_notice_text(text, year).days}


@pytest.mark.parametrize("text", [NOTICE_2024, NOTICE_2025, NOTICE_2026])
def test_printed_notice_gives_the_days_of_the_published_table(
    text: str, calendar: WorkCalendar
) -> None:
    told = read_notice_text(text)
    expected = {
        day: kind
        for days, kind in (
            (calendar.holidays, DayKind.HOLIDAY),
            (calendar.makeup_days, DayKind.MAKEUP),
        )
        for day in days
        if day.year == told.year
    }
    assert {one.day: one.kind for one in told.days} == expected


def test_number_and_festivals_are_read_along() -> None:
    told = read_notice_text(NOTICE_2026)
    assert (told.year, told.document, told.unread) == (2026, "国办发明电〔2025〕7号", ())
    names = {one.day: one.name for one in told.days}
    assert names[date(2026, 2, 14)] == "春节" and names[date(2026, 10, 1)] == "国庆节"
    joint = {one.name for one in read_notice_text(NOTICE_2025).days if one.day.month == 10}
    assert joint == {"国庆节、中秋节"}


def test_advice_to_give_leave_is_no_day_off_and_is_shown_to_a_person() -> None:
    told = read_notice_text(NOTICE_2024)
    assert date(2024, 2, 9) not in {one.day for one in told.days}
    assert len(told.unread) == 1 and "2月9日" not in "".join(one.name for one in told.days)
    assert "鼓励各单位" in told.unread[0]


def test_leave_over_the_turn_of_the_year_belongs_to_the_new_year() -> None:
    text = "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"
    assert days_of(text, 2019) == {
        date(2018, 12, 29): DayKind.MAKEUP,
        date(2018, 12, 30): DayKind.HOLIDAY,
        date(2018, 12, 31): DayKind.HOLIDAY,
        date(2019, 1, 1): DayKind.HOLIDAY,
    }
    # the year not repeated in the text
    assert days_of("一、元旦：12月30日至1月1日放假，共3天。", 2019) == {
        date(2018, 12, 30): DayKind.HOLIDAY,
        date(2018, 12, 31): DayKind.HOLIDAY,
        date(2019, 1, 1): DayKind.HOLIDAY,
    }


def test_one_sentence_may_say_both_and_the_numeral_may_be_missing() -> None:
    text = "国庆节：10月1日至7日放假调休，共7天，9月26日（星期日）、10月9日（星期六）上班。"
    found = days_of(text, 2021)
    assert len(found) == 9
    assert [day for day, kind in found.items() if kind is DayKind.MAKEUP] == [
        date(2021, 9, 26), date(2021, 10, 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "year", "code"),
    [
        ("一、元旦：1月1日（周四）至3日（周六）放假。", 2027, "calendar.wrong_weekday"),
        ("一、元旦：1月1日至3日放假调休，共4天。", 2026, "calendar.wrong_count"),
        ("一、元旦：1月1日至3日放假调休，共3天。", None, "calendar.year_missing"),
        ("一、春节：2月30日放假。", 2026, "calendar.bad_day"),
        ("一、春节：2月10日至3月30日放假。", 2026, "calendar.bad_range"),
        ("一、春节：2月10日至8日放假。", 2026, "calendar.bad_range"),
        ("一、春节：31日放假。", 2026, "calendar.bad_day"),
        ("一、春节：2月10日放假。2月10日上班。", 2026, "calendar.both_ways"),
        ("今天天气很好。", 2026, "calendar.nothing_read"),
        ("", 2026, "calendar.nothing_read"),
        ("字" * 20_001, 2026, "calendar.text_too_long"),
    ],
)
def test_text_that_contradicts_itself_is_refused(text: str, year: int | None, code: str) -> None:
    with pytest.raises(Fault) as refused:
        read_notice_text(text, year)
    assert refused.value.code == code


def test_sentence_with_a_date_and_no_known_verb_is_shown_and_not_guessed() -> None:
    text = (
        "一、春节：延长2020年春节假期至2月2日（农历正月初九、星期日），2月3日（星期一）起正常上班。"
    )
    with pytest.raises(Fault) as refused:
        read_notice_text(text, 2020)
    assert refused.value.code == "calendar.nothing_read"
    told = read_notice_text(text + "二、清明节：4月4日至6日放假调休，共3天。", 2020)
    assert len(told.unread) == 1 and len(told.days) == 3
