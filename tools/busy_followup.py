"""What follows from the week's problems: one dealt with and published, one that waits, and a firm
drawn to be visited again."""

from __future__ import annotations

import io
from datetime import date, timedelta

from tools.busy_county import NOW, County, draw_evidence


def add_follow_up(county: County) -> None:
    """The first problem entered is decided on, corrected and published; the others stay open."""
    from domain.followup import Decision, Disposal
    from server.followup import revisiting, service

    today = NOW.date()
    with county.desk():
        office = county.actor("bangong")
        found = service.list_cases(office, service.Wanted()).rows
        first = min(line.case.id for line in found)
        due = today + timedelta(days=9)
        order = Decision(Disposal.CORRECTION_ORDER, "交通运输局", "标志牌须与许可线路一致", due, "")
        service.decide(office, first, order, 1)
        paper = service.Paper(io.BytesIO(draw_evidence("改正后", 1)), "改正后照片.jpg")
        service.finish(office, first, "已换发线路标志牌，复查合格。", today, 2, paper)
        service.publish(office, first, "已责令改正，复查合格。", 3)
        period = date(today.year, 1, 1), today
        pool = revisiting.pool_of(office, *period)
        revisiting.draw(office, *period, "3 1 6 2 5 4 4 2", "乔如是", pool.sha256)
