"""Tables: a case per problem, what was done with it, visits closed, firms to be visited again."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db

if TYPE_CHECKING:
    from server.accounts.models import Department
    from server.inspections.models import Inspection
    from server.registry.models import Firm


class FollowUp(JurisdictionScoped, db.Model):
    """后续处置 of one problem (``domain.followup``). It is opened with the entry of the sheet and
    never deleted; which problem it is about never changes. ``decide_by``: by when somebody has to
    decide; ``due_on``: by when what was decided is to be done. ``revision`` counts its steps.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        UniqueConstraint("sheet_id", "item_code"),
        # SQLite without statistics would take the county's own index and read all of it each time.
        Index("ix_follow_ups_jurisdiction_id_sheet_id", "jurisdiction_id", "sheet_id"),
        CheckConstraint(
            "state IN ('open', 'void') OR (disposal <> '' AND decided_by IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("state <> 'done' OR done_on IS NOT NULL", name="done"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(40))
    item_text: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(12))
    result_code: Mapped[int]
    finding: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="open", index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decide_by: Mapped[date]
    disposal: Mapped[str] = mapped_column(String(20), default="")
    body: Mapped[str] = mapped_column(String(80), default="")
    case_no: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date | None]
    is_published: Mapped[bool] = mapped_column(default=False, server_default=false())
    public_text: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    inspection: Mapped[Inspection] = relationship()
    department: Mapped[Department] = relationship()
    steps: Mapped[list[FollowUpStep]] = relationship(
        order_by="FollowUpStep.id", back_populates="follow_up"
    )

    @property
    def begun_at(self) -> datetime:
        """When it was opened last: its day to be decided is counted from then."""
        at = [one.at for one in self.steps if one.action in ("open", "reopen")]
        return at[-1] if at else self.opened_at

    @property
    def standing_steps(self) -> list[FollowUpStep]:
        """Those since the decision that stands: an earlier decision's papers prove nothing."""
        places = [at for at, one in enumerate(self.steps) if one.action == "decide"]
        return self.steps[places[-1] :] if places and self.state != "open" else []


class FollowUpStep(JurisdictionScoped, db.Model):
    """Append-only by trigger. ``details`` are what the step set, as it was then."""

    __tablename__ = "follow_up_steps"
    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    document_sha256: Mapped[str | None] = mapped_column(String(64))
    document_name: Mapped[str] = mapped_column(String(200), default="")
    follow_up: Mapped[FollowUp] = relationship(back_populates="steps")


class InspectionClosing(JurisdictionScoped, db.Model):
    """办结 of a visit, or its reopening by a correction that found a new problem; the newest row
    holds. Append-only; a trigger refuses ``close`` while anything of the visit is open."""

    __tablename__ = "inspection_closings"
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    action: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")


class RevisitDraw(JurisdictionScoped, db.Model):
    """回访抽取: which firms with problems are visited again. Append-only; ``pool`` with its hash,
    ``seed`` and the rule give the same firms to whoever draws again."""

    __tablename__ = "revisit_draws"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "seed"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    percent: Mapped[str] = mapped_column(String(12))
    within_days: Mapped[int]
    pool: Mapped[str] = mapped_column(Text)
    pool_sha256: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(200))
    witness: Mapped[str] = mapped_column(String(80))
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revisits: Mapped[list[Revisit]] = relationship(order_by="Revisit.ticket", back_populates="draw")


class Revisit(JurisdictionScoped, db.Model):
    """回访 of one firm. ``inspection_id`` is the visit that found the problems; ``outcome``:
    corrected, partly, not_corrected; empty until it was made."""

    __tablename__ = "revisits"
    __table_args__ = (UniqueConstraint("draw_id", "firm_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("revisit_draws.id"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firms.id"), index=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    ticket: Mapped[str] = mapped_column(String(64))
    due_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(16), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    visited_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draw: Mapped[RevisitDraw] = relationship(back_populates="revisits")
    firm: Mapped[Firm] = relationship()
    inspection: Mapped[Inspection] = relationship()


class RevisitItem(JurisdictionScoped, db.Model):
    """What a problem of the first visit is at the revisit: ``first_result`` → ``now_result``.
    Append-only, once per item."""

    __tablename__ = "revisit_items"
    __table_args__ = (UniqueConstraint("revisit_id", "follow_up_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    revisit_id: Mapped[int] = mapped_column(ForeignKey("revisits.id"), index=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"))
    item_code: Mapped[str] = mapped_column(String(40))
    first_result: Mapped[int]
    now_result: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
