"""What the demo's office has entered for its reports, and the first ones it made."""

from __future__ import annotations

from datetime import date, timedelta

from domain.access import Actor
from domain.reports.entries import EntryKind
from domain.reports.report_calendar import month_before
from server.reports import service
from server.reports.service import Entry, Head
from server.runtime import today

CONTACT = "江月白"


def add_reports(office: Actor) -> None:
    """Of the last full month and of this year; in the running unit of work."""
    first, _last = month_before(today())
    service.save_head(office, Head(unit=service.read_head().unit, name=CONTACT))
    for one in _entries(first):
        service.save_entry(office, one)
    service.make_annex1(office, today())
    service.make_annex2(office, first)


def _entries(first: date) -> list[Entry]:
    second, third = first + timedelta(days=6), first + timedelta(days=9)
    return [
        Entry(EntryKind.MEETING, first + timedelta(days=3), "“双随机、一公开”监管工作部署会"),
        Entry(
            EntryKind.DOCUMENT, second, f"{first.year}年双随机抽查工作实施方案",
            "阳交办字〔示例〕1号",
        ),
        Entry(
            EntryKind.TRAINING, third, "双随机抽查业务培训班", people=32,
            text="抽查工作规范、手机端现场填报",
        ),
        Entry(
            EntryKind.DRAW_PAPER, third, "关于开展双随机抽查的通知", "阳交办字〔示例〕2号"
        ),
    ]  # fmt: skip
