"""Notices on days off as they were imported, and what they made of due dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_70"
down_revision = "20261130_75"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_notices",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document", sa.String(60), nullable=False),
        sa.Column("years", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "due_date_moves",
        sa.Column("id", sa.Integer(), primary_key=True),
        _county(),
        _notice(),
        sa.Column("inspection_id", sa.Integer(), sa.ForeignKey("inspections.id"), nullable=False),
        sa.Column("sheet_id", sa.Integer(), sa.ForeignKey("sheets.id"), nullable=False),
        sa.Column("old_on", sa.Date(), nullable=False),
        sa.Column("new_on", sa.Date(), nullable=False),
        sa.Column("was_provisional", sa.Boolean(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "kept_due_dates",
        sa.Column("sheet_id", sa.Integer(), sa.ForeignKey("sheets.id"), primary_key=True),
        _county(),
        sa.Column("due_on", sa.Date(), nullable=False),
        _notice(),
    )
    for table in ("due_date_moves", "kept_due_dates"):
        for column in ("jurisdiction_id", "notice_id"):
            op.create_index(f"ix_{table}_{column}", table, [column])


def _county() -> sa.Column[int]:
    return sa.Column(
        "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
    )


def _notice() -> sa.Column[int]:
    return sa.Column(
        "notice_id", sa.Integer(), sa.ForeignKey("calendar_notices.id"), nullable=False
    )


def downgrade() -> None:
    raise NotImplementedError
