"""Tables: what was changed after a draw, and what came from the official platform."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db

if TYPE_CHECKING:
    from server.accounts.models import Department
    from server.draws.models import Draw
    from server.inspections.models import Inspection
    from server.registry.models import Officer


class DrawChange(JurisdictionScoped, db.Model):
    """更换人员 or 撤出对象: asked for by one person, decided by the unit head of ``department``
    (part 7 row 17; R049). ``pool`` are the candidates as they were frozen at the request,
    ``record`` what ``domain.draw_files`` verifies. ``officer`` leaves, ``joined`` takes the place;
    ``substitute`` is the visit to the firm that came in the place of a withdrawn one.

    A department has one open change per visit: with two, the second's frozen candidates would be
    untrue once the first is approved.
    """

    __tablename__ = "draw_changes"
    __table_args__ = (
        Index(
            "uq_draw_changes_open",
            "inspection_id",
            "department_id",
            unique=True,
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="requested", index=True)
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    wants_substitute: Mapped[bool] = mapped_column(default=False)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))
    pool: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    pool_sha256: Mapped[str] = mapped_column(String(64), default="")
    seed: Mapped[str | None] = mapped_column(String(200))
    seed_source: Mapped[str] = mapped_column(String(200), default="")
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    requested_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")
    draw: Mapped[Draw] = relationship()
    department: Mapped[Department] = relationship()
    inspection: Mapped[Inspection] = relationship(foreign_keys=[inspection_id])
    substitute: Mapped[Inspection | None] = relationship(foreign_keys=[substitute_id])
    officer: Mapped[Officer | None] = relationship(foreign_keys=[officer_id])
    joined: Mapped[Officer | None] = relationship(foreign_keys=[joined_id])


class OfficialDraw(JurisdictionScoped, db.Model):
    """Where a draw with origin ``official`` comes from: the platform's own number and its file,
    kept as it came (part 7 row 19). ``content`` is what was read out of it: a file that says
    something else under the same number is refused."""

    __tablename__ = "official_draws"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "official_no"),)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    official_no: Mapped[str] = mapped_column(String(80))
    platform: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    draw: Mapped[Draw] = relationship()
