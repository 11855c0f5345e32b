"""Registers grow: status, trades, tiers with their dates, initials, and every change kept."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from server.registry.initials import initials_of

revision = "20261130_11"
down_revision = "20261130_10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = (
        ("no_uscc_reason", 200, ""),
        ("status", 16, "open"),
        ("area", 40, ""),
        ("legal_person", 64, ""),
        ("name_initials", 120, ""),
    )
    for name, width, default in texts:
        op.add_column("firms", _column(name, sa.String(width), default))
    for name in ("more_categories", "labels"):
        op.add_column("firms", _column(name, sa.JSON(), "[]"))
    op.add_column("firms", sa.Column("tier_as_of", sa.Date()))
    op.add_column("firms", sa.Column("industry_tier", sa.String(12)))
    op.add_column("firms", sa.Column("industry_tier_as_of", sa.Date()))
    op.add_column("officers", _column("name_initials", sa.String(64), ""))
    for table in ("firms", "officers"):
        op.create_index(f"ix_{table}_name_initials", table, ["name_initials"])
        _fill_initials(table)
    op.execute("UPDATE firms SET status = 'closed' WHERE NOT is_active")
    op.create_table(
        "register_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.Column("register", sa.String(24), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("changed_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_register_changes_jurisdiction_id", "register_changes", ["jurisdiction_id"])
    op.create_index("ix_register_changes_entry", "register_changes", ["register", "entry_id"])


def _column(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _fill_initials(table: str) -> None:
    rows = sa.table(table, sa.column("id"), sa.column("name"), sa.column("name_initials"))
    connection = op.get_bind()
    width = 120 if table == "firms" else 64
    for row_id, name in connection.execute(sa.select(rows.c.id, rows.c.name)).all():
        connection.execute(
            rows.update().where(rows.c.id == row_id).values(name_initials=initials_of(name, width))
        )


def downgrade() -> None:
    raise NotImplementedError
