"""The example values of ``/kit``: a bureau's ordinary day, made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.calendar import DayKind, WorkCalendar
from domain.check_items import Basis, CheckItem
from domain.checklists import ItemType, parse_rule
from domain.deadlines import due_date, kept
from domain.due_explained import explain
from server.deadlines.day_wording import weekday_words
from server.deadlines.month import build_month
from server.i18n import translate as _

START = datetime(2026, 3, 4, 1, 20, tzinfo=UTC)

PHOTO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">'
    '<rect width="400" height="300" fill="#b9c4cc"/><path d="M0 210h400v90H0z" fill="#7d7f78"/>'
    '<rect x="40" y="110" width="180" height="90" fill="#e8e3d5"/>'
    '<rect x="220" y="135" width="70" height="65" fill="#0b57a4"/>'
    '<circle cx="90" cy="212" r="24" fill="#222"/><circle cx="240" cy="212" r="24" fill="#222"/>'
    "</svg>"
)

_FIRMS = (
    ("阳城县顺达客运有限公司", "JC2026-001", "open", "running", 18, "normal", "0", False),
    (
        "阳城县晋运危险货物运输有限责任公司",
        "JC2026-002",
        "submitted",
        "due_soon",
        3,
        "high",
        "12",
        0,
    ),
    ("凤城镇宏图汽车修理厂", "JC2026-003", "returned", "due_today", 0, "elevated", "3", False),
    ("山西平安机动车驾驶员培训学校", "JC2026-004", "accepted", "overdue", -2, "low", "128", True),
    ("阳城县客运中心", "JC2026-005", "entered", "met", None, "normal", "1,024", False),
    ("阳城县蓝途网络预约出租汽车有限公司", "JC2026-006", "published", "met_late", None, "", "7", 0),
)


@dataclass(frozen=True, slots=True)
class PageExample:
    """Page 2 of 7."""

    number: int = 2
    count: int = 7
    total: int = 318


ENTRIES = (
    CheckItem("PAX-01", "道路运输经营许可证有效", ItemType.JUDGE, photo_on_fail=True,
              methods=("document",), basis=(Basis("道路运输条例", "第十条", "A"),)),
    CheckItem("PAX-03", "抽查营运客车：道路运输证随车携带", ItemType.NUMBER_PAIR, severity="major",
              is_required=False, rule=parse_rule("不符数==0")),
    CheckItem("COM-03", "门头全景照片", ItemType.PHOTO, min_photos=2),
)  # fmt: skip


def everything() -> dict[str, object]:
    """All examples by the name the template uses."""
    return {
        "rows": [_row(*firm) for firm in _FIRMS],
        "events": _events(),
        "photos": _photos(),
        "page": PageExample(),
        "cards": _cards(),
        "trend": [
            {
                "label": str(n + 1),
                "value": v,
                "limit": u,
                "mean": 8,
                "marked": v is not None and v > u,
            }
            for n, (v, u) in enumerate(((5, 24), (9, 26), (None, 24), (12, 30), (35, 24)))
        ],
        **_calendar(),
        "months": [(str(n + 1), v) for n, v in enumerate((0, 2, 14, 9, 21, 17, 8, 3, 12, 6, 0, 0))],
    }


def _calendar() -> dict[str, object]:
    """October 2026, and due dates over it and over the new year."""
    days = {date(2026, 10, day): DayKind.HOLIDAY for day in range(1, 8)}
    days |= {date(2026, 9, 20): DayKind.MAKEUP, date(2026, 10, 10): DayKind.MAKEUP}
    calendar = WorkCalendar.from_days(days, [2026], dict.fromkeys(days, "国庆节"))
    due = due_date(date(2026, 9, 15), 20, calendar)
    return {
        "due": explain(due, calendar),
        "due_provisional": explain(due_date(date(2026, 12, 10), 20, calendar), calendar),
        "due_kept": explain(kept(due, date(2026, 10, 13)), calendar),
        "month": build_month(date(2026, 10, 1), calendar, date(2026, 10, 9), {}),
        "weekdays": weekday_words(),
    }


def _row(
    firm: str,
    number: str,
    state: str,
    deadline: str,
    days: int | None,
    tier: str,
    vehicles: str,
    is_marked: bool | int,
) -> dict[str, object]:
    return {
        "firm": firm,
        "number": number,
        "state": state,
        "deadline": deadline,
        "days": days,
        "tier": tier,
        "vehicles": vehicles,
        "due": START.date() + timedelta(days=(days or 0)),
        "is_marked": bool(is_marked),
    }


def _events() -> list[dict[str, object]]:
    hour = timedelta(hours=1)
    return [
        {"at": START, "what": _("两名执法人员到场"), "who": "张建国、李敏", "icon": "person"},
        {
            "at": START + hour,
            "what": _("提交检查记录"),
            "who": "张建国",
            "tone": "info",
            "icon": "sent",
        },
        {
            "at": START + 5 * hour,
            "what": _("退回修改"),
            "who": "王海涛",
            "tone": "warn",
            "icon": "returned",
            "note": _("第 3 项照片看不清车牌，请补拍。"),
        },
        {
            "at": START + 8 * hour,
            "what": _("审核通过"),
            "who": "王海涛",
            "tone": "ok",
            "icon": "check",
        },
        {
            "at": START + 9 * hour,
            "what": _("录入并锁定"),
            "who": "张建国",
            "tone": "seal",
            "icon": "lock",
        },
    ]


def _photos() -> list[dict[str, object]]:
    names = (_("门头全景"), _("道路运输证"), _("灭火器压力表"), _("行车日志"))
    return [
        {
            "href": "/kit/photo.svg",
            "thumb": "/kit/photo.svg" if index < 3 else "",
            "item": name,
            "at": START + timedelta(minutes=4 * index),
            "officer": "李敏",
        }
        for index, name in enumerate(names)
    ]


def _cards() -> list[dict[str, object]]:
    return [
        {
            "title": _("超期未录入"),
            "number": 2,
            "hint": _("最早一件已超 2 个工作日"),
            "href": "#",
            "tone": "error",
        },
        {
            "title": _("待审核"),
            "number": 5,
            "hint": _("检查人员已提交，等待组长审核"),
            "href": "#",
            "tone": "warn",
        },
        {
            "title": _("今日检查"),
            "number": 8,
            "hint": _("已全部下发到手机"),
            "href": "#",
            "tone": "ok",
        },
        {
            "title": _("年度计划"),
            "number": None,
            "hint": _("导入和查看抽查计划"),
            "href": "#",
            "tone": "info",
        },
    ]
