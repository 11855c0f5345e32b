"""Warnings that were set aside, with the numbers they were set aside at (R097)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_75"
down_revision = "20261130_73"
branch_labels = None
depends_on = None

TABLE = "set_aside_warnings"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("jurisdiction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["departments.id"],
            name=op.f("fk_set_aside_warnings_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_set_aside_warnings_jurisdiction_id_jurisdictions"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_set_aside_warnings_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside_warnings")),
    )
    op.create_index(op.f("ix_set_aside_warnings_jurisdiction_id"), TABLE, ["jurisdiction_id"])
    op.create_index("ix_set_aside_warnings_month", TABLE, ["jurisdiction_id", "month"])


def downgrade() -> None:
    op.drop_table(TABLE)
