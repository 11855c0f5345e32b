"""The states of firms in an index, with what lists are narrowed by: each of them leaves out what an
undone import took out, and counts the rest."""

from __future__ import annotations

from alembic import op

revision = "20261130_44"
down_revision = "20261130_12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is rewritten."""
    op.create_index(
        "ix_firms_status", "firms", ["jurisdiction_id", "status", "trades", "tier", "area"]
    )


def downgrade() -> None:
    """Slower, and right all the same."""
    op.drop_index("ix_firms_status", "firms")
