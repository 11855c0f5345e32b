"""How the day a reminder is about was counted, kept with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_77"
down_revision = "20261130_71"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reminders", sa.Column("basis", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("reminders", "basis")
