"""When a department said that its officers are as the register has them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_22"
down_revision = "20261130_44"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officer_handovers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.Column("department_id", sa.Integer(), sa.ForeignKey("departments.id"), nullable=False),
        sa.Column("officers", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
    )
    for column in ("department_id", "jurisdiction_id"):
        op.create_index(f"ix_officer_handovers_{column}", "officer_handovers", [column])


def downgrade() -> None:
    raise NotImplementedError
