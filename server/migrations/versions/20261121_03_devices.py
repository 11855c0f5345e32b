"""Heartbeats, wipe orders, push-only credentials in a table of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261121_03"
down_revision = "20261121_02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    for column in (
        sa.Column("heartbeat", sa.JSON(), nullable=True),
        sa.Column("heartbeat_at", instant, nullable=True),
        sa.Column("revoked_reason", sa.String(length=200), nullable=True),
        sa.Column("wipe_ordered_at", instant, nullable=True),
        sa.Column("wiped_at", instant, nullable=True),
    ):
        op.add_column("devices", column)
    for table, name in (
        ("sign_in_sessions", "is_quarantined"),
        ("proposals", "is_author_revoked"),
    ):
        op.add_column(
            table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_table(
        "push_credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_push_credentials_device_id_devices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_credentials")),
        sa.UniqueConstraint(
            "device_id", "sha256", name=op.f("uq_push_credentials_device_id_sha256")
        ),
    )
    op.create_index(op.f("ix_push_credentials_sha256"), "push_credentials", ["sha256"])
    op.execute(
        "INSERT INTO push_credentials (device_id, sha256, issued_at) "
        "SELECT id, push_credential_sha256, enrolled_at FROM devices"
    )
    op.drop_column("devices", "push_credential_sha256")
