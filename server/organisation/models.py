"""Tables: teams, the leading group, experts and agencies, and who of them helped at a visit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from server.accounts.models import Department
from server.db import JurisdictionScoped, UtcDateTime, db
from server.registry.models import Officer


class Team(JurisdictionScoped, db.Model):
    """A standing unit of a department 股所、检查组; officers belong to one at most. A draw matches
    officers, never teams."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("department_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    lead_officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    department: Mapped[Department] = relationship()
    lead: Mapped[Officer | None] = relationship()
    places: Mapped[list[TeamOfficer]] = relationship(
        order_by="TeamOfficer.officer_id", cascade="all, delete-orphan"
    )

    @property
    def officer_ids(self) -> list[int]:
        """Its people."""
        return sorted(place.officer_id for place in self.places)

    @officer_ids.setter
    def officer_ids(self, ids: Collection[int]) -> None:
        """Who sits in another team leaves it."""
        session = object_session(self)
        assert session is not None, "a team is stored before its people"
        session.flush()
        concerned = (TeamOfficer.team_id == self.id) | TeamOfficer.officer_id.in_(ids)
        seats = {
            one.officer_id: one for one in session.scalars(select(TeamOfficer).where(concerned))
        }
        for officer_id, seat in seats.items():
            if officer_id in ids:
                seat.team_id = self.id
            else:
                session.delete(seat)
        for officer_id in dict.fromkeys(ids):
            if officer_id not in seats:
                owner = {"jurisdiction_id": self.jurisdiction_id, "team_id": self.id}
                session.add(TeamOfficer(**owner, officer_id=officer_id))
        session.flush()
        for team in [one for one in session.identity_map.values() if isinstance(one, Team)]:
            session.expire(team, ["places"])


class TeamOfficer(JurisdictionScoped, db.Model):
    """An officer's place in a team."""

    __tablename__ = "team_officers"
    __table_args__ = (UniqueConstraint("officer_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    officer: Mapped[Officer] = relationship()


class GroupMember(JurisdictionScoped, db.Model):
    """领导小组: who holds which part from when to when (R113, R114; liaison R106). ``role``:
    ``head``, ``deputy``, ``member``, ``office_head`` or ``liaison``."""

    __tablename__ = "group_members"
    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    post: Mapped[str] = mapped_column(String(80), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    document_no: Mapped[str] = mapped_column(String(60), default="")
    since: Mapped[date]
    until: Mapped[date | None]
    department: Mapped[Department | None] = relationship()


class Expert(JurisdictionScoped, db.Model):
    """专家库: a person or an agency 专业机构 that may help and never inspects (R002, R003; part 7
    row 37). ``number`` is the qualification's, or the agency's credit code."""

    __tablename__ = "experts"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "kind", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[str] = mapped_column(String(40))
    valid_until: Mapped[date | None]
    labels: Mapped[list[str]] = mapped_column(JSON, default=list)
    phone: Mapped[str] = mapped_column(String(32), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    name_initials: Mapped[str] = mapped_column(String(80), default="")


class Assistant(JurisdictionScoped, db.Model):
    """协助人员 of one visit: what for, and whether that was taken back. Never counted among the two
    officers."""

    __tablename__ = "assistants"
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id"))
    task: Mapped[str] = mapped_column(String(200))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_reason: Mapped[str] = mapped_column(String(200), default="")
    expert: Mapped[Expert] = relationship()
