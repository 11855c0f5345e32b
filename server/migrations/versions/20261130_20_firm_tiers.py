"""Every class of risk a firm was given, with its day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_20"
down_revision = "20261130_11"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "firm_tiers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.Column("firm_id", sa.Integer(), sa.ForeignKey("firms.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("old", sa.String(12)),
        sa.Column("tier", sa.String(12)),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("is_worse", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_firm_tiers_jurisdiction_id", "firm_tiers", ["jurisdiction_id"])
    op.create_index("ix_firm_tiers_firm_id", "firm_tiers", ["firm_id"])
    op.create_index(
        "ix_firm_tiers_worse", "firm_tiers", ["jurisdiction_id", "is_worse", "recorded_at"]
    )


def downgrade() -> None:
    raise NotImplementedError
