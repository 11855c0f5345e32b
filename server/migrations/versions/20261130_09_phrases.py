"""Phrases of a department for its officers' notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_09"
down_revision = "20261121_08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    op.create_table(
        "phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("retired_at", instant, nullable=True),
        sa.Column("jurisdiction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_phrases_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_phrases_jurisdiction_id_jurisdictions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrases")),
    )
    op.create_index(op.f("ix_phrases_department_id"), "phrases", ["department_id"])
    op.create_index(op.f("ix_phrases_jurisdiction_id"), "phrases", ["jurisdiction_id"])


def downgrade() -> None:
    raise NotImplementedError
