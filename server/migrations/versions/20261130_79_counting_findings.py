"""Findings are counted by period: the sheets of a county by their day, their findings beside them."""

from __future__ import annotations

from alembic import op

revision = "20261130_79"
down_revision = "20261130_76"
branch_labels = None
depends_on = None

SHEETS = "ix_sheets_jurisdiction_id_ended_on"
FINDINGS = "ix_follow_ups_jurisdiction_id_sheet_id"


def upgrade() -> None:
    op.create_index(SHEETS, "sheets", ["jurisdiction_id", "ended_on"])
    op.create_index(FINDINGS, "follow_ups", ["jurisdiction_id", "sheet_id"])


def downgrade() -> None:
    op.drop_index(FINDINGS, table_name="follow_ups")
    op.drop_index(SHEETS, table_name="sheets")
