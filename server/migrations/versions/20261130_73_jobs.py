"""What is done by the clock: jobs, their runs, and who holds what for how long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_73"
down_revision = "20261130_69"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("rung_at", instant),
        sa.Column("held_by", sa.String(120)),
        sa.Column("held_until", instant),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("ended_at", instant),
        sa.Column("outcome", sa.String(12)),
        sa.Column("told", sa.JSON()),
    )
    op.create_index("ix_job_runs_name", "job_runs", ["name"])
    op.create_table(
        "job_leases",
        sa.Column("name", sa.String(140), primary_key=True),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError
