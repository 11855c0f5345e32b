"""The inbox is read up to numbers: an instant covers what was begun before it and written after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_90"
down_revision = "20261130_84"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inbox_marks") as table:
        for name in ("reminder_id", "notice_id"):
            table.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    _fill()


def _fill() -> None:
    """What was read by its instant."""
    for name, source in (("reminder_id", "reminders"), ("notice_id", "side_effects")):
        op.execute(
            f"UPDATE inbox_marks SET {name} = COALESCE((SELECT MAX(told.id) FROM {source} AS told"
            " WHERE told.person_id = inbox_marks.person_id"
            " AND told.made_at <= inbox_marks.read_until), 0)"
        )


def downgrade() -> None:
    raise NotImplementedError
