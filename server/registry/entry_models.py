"""Tables: what belongs to the entries of the two registers: vehicles, recusals, handovers, tags."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db
from server.runtime import now


class Vehicle(JurisdictionScoped, db.Model):
    """A firm's vehicle 车辆, as the register has it today; what was before stands in the firm's
    history. ``plate`` is normalised, ``tail`` the plate without province and letter, as people
    say it; ``permit_no`` is the 道路运输证号 as written."""

    __tablename__ = "vehicles"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "plate"),
        Index("ix_vehicles_tail", "jurisdiction_id", "tail"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firms.id"), index=True)
    plate: Mapped[str] = mapped_column(String(12))
    tail: Mapped[str] = mapped_column(String(12))
    color: Mapped[str] = mapped_column(String(12), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")
    permit_no: Mapped[str] = mapped_column(String(64), default="")


class Recusal(JurisdictionScoped, db.Model):
    """回避: why an officer never inspects a firm, from when, and why no longer. The draw reads
    ``Officer.recused_firm_ids``, which is kept in step."""

    __tablename__ = "recusals"
    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), index=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firms.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    began_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(200), default="")
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OfficerHandover(JurisdictionScoped, db.Model):
    """人员数据提供 (R050): on that day the department's office said that its officers are as the
    register has them, ``officers`` of them on duty. ``note`` says what it rests on where the home
    department's office wrote it down for another."""

    __tablename__ = "officer_handovers"
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    officers: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Tag(JurisdictionScoped, db.Model):
    """A label of the tag library 分类标签库 (R011) for entries of ``register`` (``firms`` or
    ``officers``). Entries carry ``code``, which never changes. ``origin`` is ``province`` or
    ``local``. A retired one stays where it is set and is offered no more."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "register", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    group_name: Mapped[str] = mapped_column(String(40), default="")
    origin: Mapped[str] = mapped_column(String(12), default="local")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_in_use(self) -> bool:
        """Whether entries are offered it."""
        return self.retired_at is None

    @is_in_use.setter
    def is_in_use(self, value: bool) -> None:
        self.retired_at = None if value else self.retired_at or now()
