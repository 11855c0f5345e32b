"""Table: results as visitors look for them. Derived: written in the unit of work that publishes,
corrects or takes back, and made again by ``suicha results rebuild``."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, db


class PublicResult(JurisdictionScoped, db.Model):
    """One department's result of one visit. ``version`` is the newest that is published and stands;
    ``is_shown`` is False where none does. ``awaits_version``: a correction is approved and not
    published yet. Firm, task and department stand as they were when it was published.

    ``private_names`` are people known from the record: they are not named in its free text either,
    and are never shown. ``revision`` counts the writes: a county's sum grows with each of them, in
    whatever order they are committed, and tells whether a file is still the same.
    """

    __tablename__ = "public_results"
    __table_args__ = (
        # The order of the page, then what words are looked for in: the whole search in one index.
        Index(
            "ix_public_results_order", "jurisdiction_id", "is_shown", "ended_on", "id",
            "search_text",
        ),
        Index(
            "ix_public_results_task", "jurisdiction_id", "is_shown", "task_id", "ended_on", "id"
        ),
        Index(
            "ix_public_results_department", "jurisdiction_id", "is_shown", "department_id",
            "ended_on", "id",
        ),
        Index(
            "ix_public_results_code", "jurisdiction_id", "is_shown", "result_code", "ended_on",
            "id",
        ),
        Index("ix_public_results_uscc", "jurisdiction_id", "uscc"),
        Index("ix_public_results_firm", "jurisdiction_id", "firm_id"),
        Index("ix_public_results_visit", "jurisdiction_id", "inspection_id"),
        Index("ix_public_results_revision", "jurisdiction_id", "revision"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), unique=True)
    sheet_code: Mapped[str] = mapped_column(String(12))
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    number: Mapped[str] = mapped_column(String(40))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firms.id"))
    firm_name: Mapped[str] = mapped_column(String(120))
    uscc: Mapped[str] = mapped_column(String(18))
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    task_name: Mapped[str] = mapped_column(Text)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    department_name: Mapped[str] = mapped_column(String(80))
    ended_on: Mapped[date]
    first_published_on: Mapped[date]
    published_on: Mapped[date]
    version: Mapped[int]
    result_code: Mapped[int]
    problems: Mapped[int]
    is_shown: Mapped[bool]
    is_corrected: Mapped[bool]
    awaits_version: Mapped[bool]
    has_outcome: Mapped[bool]
    search_text: Mapped[str] = mapped_column(Text)
    private_names: Mapped[list[str]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
