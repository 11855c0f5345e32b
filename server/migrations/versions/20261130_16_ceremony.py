"""The draw as an event in a room: what was said there, and draws made again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_16"
down_revision = "20261130_21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    op.add_column("inspections", sa.Column("withdrawn_at", instant, nullable=True))
    op.add_column("draws", sa.Column("ceremony", sa.JSON(), nullable=False, server_default="{}"))
    # written out: alembic adds a reference as a second step, which SQLite does not know
    op.execute(
        "ALTER TABLE draws ADD COLUMN replaces_id INTEGER"
        " CONSTRAINT fk_draws_replaces_id_draws REFERENCES draws (id)"
    )
    op.create_table(
        "redraws",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.Column("draw_id", sa.Integer(), sa.ForeignKey("draws.id"), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("requested_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("requested_at", instant, nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("decision_reason", sa.String(200), nullable=False),
        sa.Column("decided_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("decided_at", instant),
    )
    op.create_index("ix_redraws_jurisdiction_id", "redraws", ["jurisdiction_id"])
    op.create_index("ix_redraws_draw_id", "redraws", ["draw_id"])
    is_open = sa.text("decision = ''")
    op.create_index(
        "uq_redraws_open",
        "redraws",
        ["draw_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    raise NotImplementedError
