"""Tables: notices made, how they were delivered, the firm's link with its codes, what the firm did.

Notices, deliveries with their signatures, acts and answers are append-only by trigger: a mistake
is a later row with its reason. A link is revoked and a code used or revoked once, and neither
comes to life again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db
from server.inspections.signature_svg import signature_paths

if TYPE_CHECKING:
    from server.inspections.models import Inspection, Sheet


class ResultNotice(JurisdictionScoped, db.Model):
    """检查结果告知书 of one version of a department's result. ``facts`` is all it says, so that it
    says the same whenever it is printed; ``sha256`` is over their canonical JSON. What was decided
    about a problem later stands in a later notice: ``serial`` counts those of a sheet."""

    __tablename__ = "result_notices"
    __table_args__ = (UniqueConstraint("sheet_id", "serial"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), index=True)
    version: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sheet: Mapped[Sheet] = relationship()


class NoticeDelivery(JurisdictionScoped, db.Model):
    """送达 of a notice. The newest of a notice counts; ``is_void`` says that the ones before it did
    not happen. ``recorded_by`` is empty where the firm itself confirmed it, in ``act_id``."""

    __tablename__ = "notice_deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("result_notices.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), index=True)
    version: Mapped[int]
    way: Mapped[str] = mapped_column(String(12))
    delivered_on: Mapped[date]
    servers: Mapped[str] = mapped_column(String(80), default="")
    receiver: Mapped[str] = mapped_column(String(80), default="")
    post_no: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    document_sha256: Mapped[str] = mapped_column(String(64), default="")
    document_name: Mapped[str] = mapped_column(String(200), default="")
    is_void: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    act_id: Mapped[int | None] = mapped_column(ForeignKey("firm_acts.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    notice: Mapped[ResultNotice] = relationship()
    signature: Mapped[DeliverySignature | None] = relationship()


class DeliverySignature(JurisdictionScoped, db.Model):
    """What the receiver drew at the desk: ``strokes`` as on a phone (docs/protocol 13.3).
    ``digest`` is of what was signed for: which notice, handed over by whom, to whom, when."""

    __tablename__ = "delivery_signatures"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("notice_deliveries.id"), unique=True)
    strokes: Mapped[list[Any]] = mapped_column(JSON)
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))

    @property
    def paths(self) -> tuple[str, ...]:
        """Of SVG, one per stroke."""
        return signature_paths(self.strokes)


class FirmLink(JurisdictionScoped, db.Model):
    """The address on the notices of one visit. It opens nothing by itself, so that the token may
    stand here as it is printed; one at a time is alive."""

    __tablename__ = "firm_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    inspection: Mapped[Inspection] = relationship()


class FirmCode(JurisdictionScoped, db.Model):
    """A one-time code for a link, known by its hash alone. ``tries`` counts every attempt before it
    is judged, so that many at once have no more of them than one after the other."""

    __tablename__ = "firm_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("firm_links.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FirmVisit(JurisdictionScoped, db.Model):
    """A browser behind the link after its code; nobody's sign-in, and good for one inspection."""

    __tablename__ = "firm_visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("firm_links.id"), index=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("firm_codes.id"), unique=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FirmActRow(JurisdictionScoped, db.Model):
    """What the firm did (``domain.telling.FirmAct``), about which sheet, notice or case."""

    __tablename__ = "firm_acts"
    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("firm_links.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("firm_visits.id"))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("sheets.id"), index=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("result_notices.id"))
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text, default="")
    signer: Mapped[str] = mapped_column(String(80), default="")
    document_sha256: Mapped[str] = mapped_column(String(64), default="")
    document_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[FirmActAnswer | None] = relationship(back_populates="act")


class FirmActAnswer(JurisdictionScoped, db.Model):
    """The department's answer to a view, or its taking (or not) of a proof; once for each."""

    __tablename__ = "firm_act_answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("firm_acts.id"), unique=True)
    is_accepted: Mapped[bool]
    text: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[FirmActRow] = relationship(back_populates="answer")
