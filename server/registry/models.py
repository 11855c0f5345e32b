"""Tables: 一单两库 — firms, officers, the item list and its checklists."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db
from server.registry.derived import derive_firm, derive_officer


class Firm(JurisdictionScoped, db.Model):
    """An inspected object 检查对象 (R001, R009, R010).

    ``uscc`` is the credit code, or an old 15-digit registration number where
    ``no_uscc_reason`` says why there is no code. ``tier`` is the credit risk class or None as of
    ``tier_as_of`` (R033), ``industry_tier`` the trade's own class (R035). ``category`` is the main
    trade, ``more_categories`` what else it does. ``status``: ``open``, ``suspended``, ``moved``,
    ``closed``, ``deregistered`` or ``mistaken`` (its import was undone); only open firms are
    ``is_active`` and can be drawn.
    ``former_usccs`` are the codes it had before: records of draws name it by them.

    Derived with each write (``derived``): ``name_initials``, the pinyin initials a clerk types
    (阳城县顺达 → ``ycxsd``); ``licence_digits`` of all licences; ``trades``, all of them as
    ``|passenger|hazmat|``; ``search_text``, what the search looks through; ``is_active`` from
    ``status``.
    """

    __tablename__ = "firms"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "uscc"),
        Index("ix_firms_order", "jurisdiction_id", "category", "name", "id"),
        Index("ix_firms_area", "jurisdiction_id", "area"),
        Index("ix_firms_status", "jurisdiction_id", "status", "trades", "tier", "area"),
        Index("ix_firms_licence", "jurisdiction_id", "licence_digits"),
        Index("ix_firms_trades", "jurisdiction_id", "is_active", "trades", "tier"),
        # Holds all the search reads: SQLite goes through it and not through the wide rows.
        Index("ix_firms_search", "jurisdiction_id", "search_text"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(32), index=True)
    tier: Mapped[str | None] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(200), default="")
    contact_name: Mapped[str] = mapped_column(String(64), default="")
    contact_phone: Mapped[str] = mapped_column(String(32), default="")
    licence_no: Mapped[str] = mapped_column(String(64), default="")
    vehicle_count: Mapped[int] = mapped_column(default=0)
    lat_e7: Mapped[int | None]
    lng_e7: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    no_uscc_reason: Mapped[str] = mapped_column(String(200), default="")
    more_categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    status: Mapped[str] = mapped_column(String(16), default="open")
    area: Mapped[str] = mapped_column(String(40), default="")
    legal_person: Mapped[str] = mapped_column(String(64), default="")
    labels: Mapped[list[str]] = mapped_column(JSON, default=list)
    tier_as_of: Mapped[date | None]
    industry_tier: Mapped[str | None] = mapped_column(String(12))
    industry_tier_as_of: Mapped[date | None]
    name_initials: Mapped[str] = mapped_column(String(120), default="", index=True)
    more_licences: Mapped[list[str]] = mapped_column(JSON, default=list)
    licence_digits: Mapped[str] = mapped_column(String(160), default="")
    former_usccs: Mapped[list[str]] = mapped_column(JSON, default=list)
    trades: Mapped[str] = mapped_column(String(200), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")

    @property
    def categories(self) -> list[str]:
        """All its trades, the main one first."""
        return [self.category, *(self.more_categories or [])]

    @property
    def place(self) -> dict[str, int] | None:
        """Where it is, in units of 1e-7 degree; None where the register does not say."""
        if self.lat_e7 is None or self.lng_e7 is None:
            return None
        return {"lat_e7": self.lat_e7, "lng_e7": self.lng_e7}


class Officer(JurisdictionScoped, db.Model):
    """执法检查人员: in the draw only while active and certified (R001, R010)."""

    __tablename__ = "officers"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "cert_no"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    cert_no: Mapped[str] = mapped_column(String(20))
    cert_expires_on: Mapped[date | None]
    labels: Mapped[list[str]] = mapped_column(JSON, default=list)
    area: Mapped[str] = mapped_column(String(40), default="")
    recused_firm_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    is_active: Mapped[bool] = mapped_column(default=True)
    name_initials: Mapped[str] = mapped_column(String(64), default="", index=True)


class InspectionItem(JurisdictionScoped, db.Model):
    """抽查事项: an entry of the published item list as it stands now (R004–R006).

    The six fields of R005 are ``category`` 类别, ``objects`` 检查对象, ``basis`` 检查依据,
    ``bodies`` 检查主体, ``content`` 检查内容 and ``methods`` 检查方式; ``kind`` is ``key`` 重点 or
    ``general`` 一般. ``ratio_percent`` is its own ratio, None for the county's ratio of its kind.
    ``province_code`` names what it was claimed from (R012). ``status``: ``in_use``, ``withdrawn``.
    """

    __tablename__ = "inspection_items"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(12), default="general")
    objects: Mapped[str] = mapped_column(String(200), default="")
    category: Mapped[str] = mapped_column(String(120), default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    bodies: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[str] = mapped_column(Text, default="")
    methods: Mapped[list[str]] = mapped_column(JSON, default=list)
    ratio_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    status: Mapped[str] = mapped_column(String(12), default="in_use")
    version: Mapped[int] = mapped_column(default=1)
    province_code: Mapped[str | None] = mapped_column(String(40))

    @property
    def is_in_use(self) -> bool:
        """Whether it may be drawn and checked anew."""
        return self.status == "in_use"


class Checklist(JurisdictionScoped, db.Model):
    """检查表: one immutable version of a list; ``plan_tasks`` are the source's task references."""

    __tablename__ = "checklists"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    objects: Mapped[str] = mapped_column(String(200), default="")
    plan_tasks: Mapped[list[str]] = mapped_column(JSON, default=list)
    content_sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")
    entries: Mapped[list[CheckEntry]] = relationship(
        order_by="CheckEntry.position", back_populates="checklist"
    )

    @property
    def reference(self) -> str:
        """``passenger@1``: how sheets and phones name this version."""
        return f"{self.code}@{self.version}"


class CheckEntry(JurisdictionScoped, db.Model):
    """检查项. ``inspection_item_id`` may not be empty, and a trigger refuses an item that is
    withdrawn or another county's: 清单之外无检查 (R042). ``item_version`` is the item's of then."""

    __tablename__ = "check_entries"
    __table_args__ = (UniqueConstraint("checklist_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklists.id"), index=True)
    inspection_item_id: Mapped[int] = mapped_column(ForeignKey("inspection_items.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    methods: Mapped[list[str]] = mapped_column(JSON)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    photo_on_fail: Mapped[bool]
    severity: Mapped[str] = mapped_column(String(12))
    department_name: Mapped[str | None] = mapped_column(String(80))
    item_version: Mapped[int] = mapped_column(default=1)
    checklist: Mapped[Checklist] = relationship(back_populates="entries")
    item: Mapped[InspectionItem] = relationship()


class RegisterChange(JurisdictionScoped, db.Model):
    """One change of one register entry, never altered: ``changes`` is ``{field: [old, new]}``,
    the old value None where the entry began. ``source`` says what wrote it: ``form``, ``import:7``,
    ``undo:7``, ``tiers:2`` (R001 动态管理)."""

    __tablename__ = "register_changes"
    __table_args__ = (Index("ix_register_changes_entry", "register", "entry_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(24))
    entry_id: Mapped[int]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200), default="")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


for _model, _derive in ((Firm, derive_firm), (Officer, derive_officer)):
    for _moment in ("before_insert", "before_update"):
        event.listen(_model, _moment, _derive)
