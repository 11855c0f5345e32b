"""Terms that belong to no visit have events too: clues of the public, dates of reports. The key of
an event names its county, as the number of a report's date is the same in all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_85"
down_revision = "20261130_89"
branch_labels = None
depends_on = None

INSTANT = UtcDateTime(timezone=True)
EVENTS = "term_events"
KEYS = ("jurisdiction_id", "term", "subject_id", "turn", "kind", "step")
KEY = f"uq_{EVENTS}_{'_'.join(KEYS)}"
VISIT = "inspection_id IS NOT NULL OR term IN ('clue_accept', 'clue_finish', 'report')"


def upgrade() -> None:
    _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()


def _sqlite() -> None:
    """A column is opened by a copy; the old table goes with its triggers, and SQLite asks none of
    them. REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    columns = [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("term", sa.String(12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), sa.ForeignKey("inspections.id")),
        sa.Column("department_id", sa.Integer(), sa.ForeignKey("departments.id"), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("met_on", sa.Date()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
    ]
    op.create_table(
        f"{EVENTS}_copy",
        *columns,
        sa.UniqueConstraint(*KEYS, name=KEY),
        sa.CheckConstraint(VISIT, name=f"ck_{EVENTS}_visit"),
    )
    names = ", ".join(one.name for one in columns)
    op.execute(f"INSERT INTO {EVENTS}_copy ({names}) SELECT {names} FROM {EVENTS}")
    op.drop_table(EVENTS)
    op.rename_table(f"{EVENTS}_copy", EVENTS)
    for column in ("jurisdiction_id", "inspection_id"):
        op.create_index(f"ix_{EVENTS}_{column}", EVENTS, [column])
    same = " AND ".join(f"kept.{key} = NEW.{key}" for key in KEYS)
    taken = f"EXISTS (SELECT 1 FROM {EVENTS} kept WHERE kept.id = NEW.id OR ({same}))"
    for name, verb, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", f"WHEN {taken} "),
    ):
        op.execute(
            f"CREATE TRIGGER {EVENTS}_{name} BEFORE {verb} ON {EVENTS} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{EVENTS}.append_only'); END"
        )


def _postgresql() -> None:
    op.alter_column(EVENTS, "inspection_id", nullable=True)
    op.drop_constraint("uq_term_events_term_subject_id_turn_kind_step", EVENTS, type_="unique")
    op.create_unique_constraint(KEY, EVENTS, list(KEYS))
    op.create_check_constraint(op.f(f"ck_{EVENTS}_visit"), EVENTS, VISIT)


def downgrade() -> None:
    raise NotImplementedError
