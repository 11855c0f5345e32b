"""A met deadline also keeps its day where no notice but another setting would count another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_89"
down_revision = "20261130_83"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kept_due_dates") as table:
        table.alter_column("notice_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    raise NotImplementedError
