"""Reminders of terms: the inbox, what carries them out of the house, and where to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_72"
down_revision = "20261130_70"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("why", sa.String(12), nullable=False),
        _person(),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("href", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_left", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=True),
        sa.Column("made_at", instant, nullable=False),
        _county(),
        sa.UniqueConstraint("source", "step", "person_id"),
    )
    op.create_index("ix_reminders_person_id_made_at", "reminders", ["person_id", "made_at"])
    op.create_table(
        "reminder_posts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reminder_id", sa.Integer(), sa.ForeignKey("reminders.id"), nullable=False),
        _person(),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("epoch", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        _county(),
        sa.UniqueConstraint("reminder_id", "channel"),
    )
    op.create_index("ix_reminder_posts_state_person_id", "reminder_posts", ["state", "person_id"])
    op.create_table(
        "reminder_messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person(),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("slot", sa.String(16), nullable=False),
        sa.Column("epoch", sa.String(40), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", instant, nullable=False),
        sa.Column("taken_at", instant, nullable=True),
        sa.Column("done_at", instant, nullable=True),
        sa.Column("outcome", sa.String(12), nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
        _county(),
        sa.UniqueConstraint("person_id", "channel", "place", "slot", "epoch"),
    )
    op.create_index(
        "ix_reminder_messages_outcome_next_at", "reminder_messages", ["outcome", "next_at"]
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person(),
        sa.Column("endpoint", sa.String(500), nullable=False),
        sa.Column("p256dh", sa.String(120), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("sent_at", instant, nullable=True),
        _county(),
        sa.UniqueConstraint("endpoint"),
    )
    op.create_index("ix_push_subscriptions_person_id", "push_subscriptions", ["person_id"])
    op.create_table(
        "person_channels",
        sa.Column("id", sa.Integer(), primary_key=True),
        _person(),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        _county(),
        sa.UniqueConstraint("person_id", "channel"),
    )
    op.create_table(
        "inbox_marks",
        sa.Column(
            "person_id",
            sa.Integer(),
            sa.ForeignKey("people.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("read_until", instant, nullable=False),
        _county(),
    )
    for table in (
        "reminders",
        "reminder_posts",
        "reminder_messages",
        "push_subscriptions",
        "person_channels",
        "inbox_marks",
    ):
        op.create_index(f"ix_{table}_jurisdiction_id", table, ["jurisdiction_id"])


def _person() -> sa.Column[int]:
    return sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False)


def _county() -> sa.Column[int]:
    return sa.Column(
        "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
    )


def downgrade() -> None:
    raise NotImplementedError
