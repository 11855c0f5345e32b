"""Use cases: who reports, the same on every form, entered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select

from domain.access import Action, Actor
from server.accounts.service import list_departments, lock_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.reports.models import ReportHead


@dataclass(frozen=True, slots=True)
class Head:
    """单位名称, 联系人, 联系电话, 手机."""

    unit: str
    name: str = ""
    phone: str = ""
    mobile: str = ""

    @property
    def contact(self) -> Mapping[str, str]:
        """As it stands below a form."""
        return {"name": self.name, "phone": self.phone, "mobile": self.mobile}


def read_head() -> Head:
    """What was entered; the unit is the home department where nobody wrote another."""
    row = db.session.scalar(select(ReportHead))
    unit = row.unit if row is not None else ""
    home = next((one.name for one in list_departments() if one.is_home), "")
    if row is None:
        return Head(home)
    return Head(unit or home, row.name, row.phone, row.mobile)


def save_head(actor: Actor, head: Head) -> None:
    """Reports made before keep what they say."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work() as work:
        lock_jurisdiction(actor.jurisdiction_id)
        row = work.scalar(select(ReportHead))
        if row is None:
            row = ReportHead(jurisdiction_id=actor.jurisdiction_id)
            work.add(row)
        row.unit, row.name, row.phone, row.mobile = head.unit, head.name, head.phone, head.mobile
        write_event(
            actor.jurisdiction_id, actor.person_id, "report.head_saved", "report", **asdict(head)
        )
