"""What the demo's office has entered for its reports, and the first ones it made."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from domain.access import Actor
from domain.reports.entries import EntryKind
from domain.reports.report_calendar import month_before
from domain.training import TrainingKind
from server.reports import service
from server.reports.service import Entry, Head
from server.runtime import today
from server.training.service import Course, list_choices, record_training

CONTACT = "江月白"


def add_reports(office: Actor) -> None:
    """Of the last full month and of this year; in the running unit of work."""
    first, _last = month_before(today())
    service.save_head(office, Head(unit=service.read_head().unit, name=CONTACT))
    for one in _entries(first):
        service.save_entry(office, one)
    _train(office, first + timedelta(days=9))
    service.make_annex1(office, today())
    service.make_annex2(office, first)
    service.make_annual(office, today())


def _train(office: Actor, day: date) -> None:
    """Every officer of the bureau in the rules, every account of its desks in the system."""
    own = list_choices(office)[0]
    officers, people = (
        frozenset(number for number, _name in rows) for rows in (own.officers, own.people)
    )
    for kind, name, content, hours, who in (
        (
            TrainingKind.OFFICERS,
            "双随机抽查业务培训班",
            "抽查工作规范、现场检查和取证",
            4,
            officers,
        ),
        (TrainingKind.SYSTEM, "系统使用培训", "手机端现场填报、期限看板和报表", 2, people),
    ):
        is_field = kind is TrainingKind.OFFICERS
        record_training(
            office,
            Course(
                kind=kind, held_on=day, hours=Decimal(hours), name=name, content=content,
                place="局三楼会议室", held_by="局法治办",
                officer_ids=who if is_field else frozenset(),
                person_ids=frozenset() if is_field else who,
            ),
            None,
        )  # fmt: skip


def _entries(first: date) -> list[Entry]:
    second, third = first + timedelta(days=6), first + timedelta(days=9)
    return [
        Entry(EntryKind.MEETING, first + timedelta(days=3), "“双随机、一公开”监管工作部署会"),
        Entry(
            EntryKind.DOCUMENT, second, f"{first.year}年双随机抽查工作实施方案",
            "阳交办字〔示例〕1号",
        ),
        Entry(
            EntryKind.DRAW_PAPER, third, "关于开展双随机抽查的通知", "阳交办字〔示例〕2号"
        ),
    ]  # fmt: skip
