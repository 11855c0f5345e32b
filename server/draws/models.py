"""Tables: draws. What was drawn from, with which seed, and what came out (DESIGN §7)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db

if TYPE_CHECKING:
    from server.planning.models import PlanTask


class DrawState(StrEnum):
    """FROZEN waits for its seed, EMPTY had no firm, WITHDRAWN was given up without a seed,
    SUPERSEDED was drawn and, before anything began, set aside for a redraw."""

    FROZEN = "frozen"
    DRAWN = "drawn"
    EMPTY = "empty"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


OFFICIAL = "official"


class Draw(JurisdictionScoped, db.Model):
    """抽取. ``pool`` is canonical JSON text frozen before ``seed`` was known; ``record`` is the
    whole exportable record (``domain.draw``); ``reason`` says why nothing was drawn.
    ``ceremony`` is what was said in the room (``domain.ceremony``), outside of what is hashed;
    ``replaces_id`` is the draw this one is the redraw of.

    A task has at most one frozen pool: with two, the seed would let somebody choose.
    """

    __tablename__ = "draws"
    __table_args__ = (
        Index(
            "uq_draws_open",
            "task_id",
            unique=True,
            sqlite_where=text("state = 'frozen'"),
            postgresql_where=text("state = 'frozen'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    # Megabytes in a large county: read where somebody asks for them, not with each draw or visit.
    pool: Mapped[str] = mapped_column(Text, deferred=True)
    pool_sha256: Mapped[str] = mapped_column(String(64))
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seed: Mapped[str | None] = mapped_column(String(200))
    seed_source: Mapped[str] = mapped_column(String(200), default="")
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    ceremony: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("draws.id"))
    # ``official``: made on the province's platform and imported; it has no seed of ours.
    origin: Mapped[str] = mapped_column(String(12), default="own", server_default="own")
    task: Mapped[PlanTask] = relationship()


class Redraw(JurisdictionScoped, db.Model):
    """重抽申请: why a draw is to be made again, who asked and who decided. ``decision`` is empty,
    ``approved`` or ``refused``; one open request per draw."""

    __tablename__ = "redraws"
    __table_args__ = (
        Index(
            "uq_redraws_open",
            "draw_id",
            unique=True,
            sqlite_where=text("decision = ''"),
            postgresql_where=text("decision = ''"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    requested_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(12), default="")
    decision_reason: Mapped[str] = mapped_column(String(200), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draw: Mapped[Draw] = relationship()
