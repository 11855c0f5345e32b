"""Backups on record, and how far each phone's operations are in a verified one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261121_08"
down_revision = "20261121_07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("begun_at", server.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("verified_at", server.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("restored_at", server.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )
    op.add_column("devices", sa.Column("durable_seq", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError
