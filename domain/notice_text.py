"""The printed text of the State Council's notice on days off, read into days (domain.md part 5).

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。

What the text says twice is checked: weekdays and numbers of days must agree with the dates.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.calendar import DayKind
from domain.calendar_notices import NoticeDay
from domain.deadlines import ONE_DAY
from domain.errors import fault

MAX_TEXT_CHARACTERS = 20_000
LONGEST_HOLIDAY_DAYS = 31
WEEKDAYS = "一二三四五六日"

_TITLE = re.compile(r"关于(\d{4})年部分节假日安排")
_YEAR = re.compile(r"(\d{4})年(?:元旦|部分节假日)")
_DOCUMENT = re.compile(r"国办?发(?:明电|电)?[〔\[(](?:19|20)\d{2}[〕\])]\d{1,4}号")
_KNOWN = "(?:元旦|春节|清明节|劳动节|端午节|中秋节|国庆节)"
_ITEM = re.compile(
    "[一二三四五六七八九十]{1,3}、(?P<any>[^:。、]{1,12}(?:、[^:。、]{1,12})?):"
    f"|(?P<known>{_KNOWN}(?:[、和]{_KNOWN})?):"
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_DATE = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:\(周.\))?"
_PART = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\((周.)\))?")
_CLAUSE = re.compile(rf"({_DATE}(?:[至到\-—–~、,和及]{_DATE})*)(放假|调休放假|上班)")
_COUNT = re.compile(r"共?(\d{1,2})天")
_ADVICE = ("鼓励", "带薪")  # 除夕 2024-02-09 was advice to employers and a working day
_SIGNED = re.compile(r"^国务院办公厅\d{4}年\d{1,2}月\d{1,2}日")


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """``document`` is the number found in the text, empty where there is none. ``unread`` are the
    sentences of advice and those with a date of which no day was taken: a person looks at them."""

    year: int
    document: str
    days: tuple[NoticeDay, ...]
    unread: tuple[str, ...]


def read_notice_text(text: str, year: int | None = None) -> ReadNotice:
    """The days of a notice pasted as printed. The year is its title's; ``year`` is used where the
    title is not among what was pasted. Weekdays and numbers of days that the text states are
    checked against what was read: a wrong year cannot pass. Raises ``calendar.*``."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise fault("calendar.text_too_long", max=MAX_TEXT_CHARACTERS)
    plain = _BRACKETS.sub(_keep_weekday, "".join(unicodedata.normalize("NFKC", text).split()))
    found = _TITLE.search(plain) or _YEAR.search(plain)
    base = int(found[1]) if found else year
    if base is None:
        raise fault("calendar.year_missing")
    number = _DOCUMENT.search("".join(text.split()))  # as printed: NFKC would change its brackets
    days: dict[date, NoticeDay] = {}
    unread: list[str] = []
    for name, body in _items(plain):
        for sentence in filter(None, re.split("[。;]", body)):
            is_advice = any(mark in sentence for mark in _ADVICE)
            taken = [] if is_advice else _read_sentence(sentence, name, base)
            _add(days, taken)
            is_dated = _PART.search(sentence) and not _SIGNED.match(sentence)
            if is_advice or (is_dated and not taken):
                unread.append(sentence)
    if not days:
        raise fault("calendar.nothing_read")
    ordered = tuple(days[day] for day in sorted(days))
    return ReadNotice(base, number[0] if number else "", ordered, tuple(unread))


def _keep_weekday(bracket: re.Match[str]) -> str:
    """(农历腊月二十八、周日) says (周日); what else stands in brackets says no day off."""
    found = _WEEKDAY.search(bracket[1])
    return f"(周{found[1].replace('天', '日')})" if found else ""


def _items(plain: str) -> list[tuple[str, str]]:
    heads = list(_ITEM.finditer(plain))
    ends = [head.start() for head in heads] + [len(plain)]
    return [
        (head["any"] or head["known"], plain[head.end() : end])
        for head, end in zip(heads, ends[1:], strict=True)
    ]


def _read_sentence(sentence: str, name: str, base: int) -> list[NoticeDay]:
    found: list[NoticeDay] = []
    month: int | None = None
    for clause in _CLAUSE.finditer(sentence):
        kind = DayKind.MAKEUP if clause[2] == "上班" else DayKind.HOLIDAY
        days, month = _read_dates(clause[1], name, base, month)
        found += [NoticeDay(day, kind, name) for day in days]
        said = _COUNT.match(sentence[clause.end() :].lstrip("调休,"))
        if said and kind is DayKind.HOLIDAY and int(said[1]) != len(days):
            raise fault("calendar.wrong_count", name=name, said=int(said[1]), found=len(days))
    return found


def _read_dates(
    text: str, name: str, base: int, month: int | None
) -> tuple[list[date], int | None]:
    """The days of ``1月1日至3日`` or ``2月4日、2月18日``, and the month spoken of last."""
    days: list[date] = []
    parts = list(_PART.finditer(text))
    for place, part in enumerate(parts):
        month = int(part[2]) if part[2] else month
        is_end = place > 0 and text[parts[place - 1].end()] in "至到-—–~"
        before = days[-1] if days else None
        year = int(part[1]) if part[1] else _year_of(name, base, month, before if is_end else None)
        day = _day(year, month, int(part[3]), part[0])
        if part[4] and WEEKDAYS[day.weekday()] != part[4][1]:
            raise fault("calendar.wrong_weekday", text=part[0], day=day.isoformat(), said=part[4])
        if not is_end or before is None:
            days.append(day)
            continue
        if not 0 < (day - before).days < LONGEST_HOLIDAY_DAYS:
            raise fault("calendar.bad_range", text=text)
        days += [before + ONE_DAY * n for n in range(1, (day - before).days + 1)]
    return days, month


def _year_of(name: str, base: int, month: int | None, before: date | None) -> int:
    if before is not None:
        return before.year + (month is not None and month < before.month)
    # 元旦's leave may begin in the December before, whether or not the text repeats the year.
    return base - 1 if month == 12 and name.startswith("元旦") else base


def _day(year: int, month: int | None, day: int, text: str) -> date:
    try:
        return date(year, month or 0, day)
    except ValueError:
        raise fault("calendar.bad_day", text=text) from None


def _add(days: dict[date, NoticeDay], taken: Iterable[NoticeDay]) -> None:
    for one in taken:
        if one.day in days and days[one.day].kind is not one.kind:
            raise fault("calendar.both_ways", day=one.day.isoformat())
        days.setdefault(one.day, one)
