"""After the draw: replaced officers, withdrawn firms, draws made on the official platform."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_17"
down_revision = "20261130_16"
branch_labels = None
depends_on = None

INSTANT = server.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("draws", sa.Column("origin", sa.String(12), nullable=False, server_default="own"))
    op.create_table(
        "draw_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        _county(),
        sa.Column("public_id", sa.String(40), nullable=False),
        _row("draw_id", "draws.id"),
        _row("inspection_id", "inspections.id"),
        _row("department_id", "departments.id"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _row("officer_id", "officers.id", is_needed=False),
        _row("joined_id", "officers.id", is_needed=False),
        sa.Column("wants_substitute", sa.Boolean(), nullable=False),
        _row("substitute_id", "inspections.id", is_needed=False),
        sa.Column("pool", sa.JSON()),
        sa.Column("pool_sha256", sa.String(64), nullable=False),
        sa.Column("seed", sa.String(200)),
        sa.Column("seed_source", sa.String(200), nullable=False),
        sa.Column("record", sa.JSON()),
        _row("requested_by", "people.id"),
        sa.Column("requested_at", INSTANT, nullable=False),
        _row("decided_by", "people.id", is_needed=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.UniqueConstraint("public_id"),
    )
    for column in ("jurisdiction_id", "draw_id", "inspection_id", "state"):
        op.create_index(f"ix_draw_changes_{column}", "draw_changes", [column])
    op.create_index(
        "uq_draw_changes_open",
        "draw_changes",
        ["inspection_id", "department_id"],
        unique=True,
        sqlite_where=sa.text("state = 'requested'"),
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "official_draws",
        sa.Column("draw_id", sa.Integer(), sa.ForeignKey("draws.id"), primary_key=True),
        _county(),
        sa.Column("official_no", sa.String(80), nullable=False),
        sa.Column("platform", sa.String(120), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _row("imported_by", "people.id", is_needed=False),
        sa.Column("imported_at", INSTANT, nullable=False),
        sa.UniqueConstraint("jurisdiction_id", "official_no"),
    )
    op.create_index("ix_official_draws_jurisdiction_id", "official_draws", ["jurisdiction_id"])


def _county() -> sa.Column[int]:
    return _row("jurisdiction_id", "jurisdictions.id")


def _row(name: str, target: str, *, is_needed: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(target), nullable=not is_needed)


def downgrade() -> None:
    raise NotImplementedError
