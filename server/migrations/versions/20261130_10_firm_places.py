"""Where a firm is, as far as the register says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_10"
down_revision = "20261130_09"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("lat_e7", "lng_e7"):
        op.add_column("firms", sa.Column(name, sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError
