"""Trainings of officers and users with who attended (R119, R120): never deleted, and nothing but the
taking back is ever written to one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_84"
down_revision = "20261130_85"
branch_labels = None
depends_on = None

TRAININGS, ATTENDEES = "trainings", "training_attendees"
FROZEN = (
    "id", "jurisdiction_id", "department_id", "kind", "held_on", "hours", "name", "content",
    "place", "held_by", "document_sha256", "document_name", "recorded_by", "recorded_at",
)  # fmt: skip


def upgrade() -> None:
    _table(
        TRAININGS,
        _ref("department_id", "departments"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(5, 1), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("held_by", sa.String(80), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("document_name", sa.String(200), nullable=False),
        _ref("recorded_by", "people"),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index(f"ix_{TRAININGS}_held_on", TRAININGS, ["held_on"])
    _table(
        ATTENDEES,
        _ref("training_id", TRAININGS),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officers.id"), nullable=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=True),
    )
    for column in ("training_id", "officer_id"):
        op.create_index(f"ix_{ATTENDEES}_{column}", ATTENDEES, [column])
    _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()


def _table(name: str, *rest: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), primary_key=True),
        _ref("jurisdiction_id", "jurisdictions"),
        *rest,
    )
    op.create_index(f"ix_{name}_jurisdiction_id", name, ["jurisdiction_id"])


def _ref(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=False)


def _sqlite() -> None:
    changed = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in FROZEN)
    for table, when in (
        (TRAININGS, f"WHEN OLD.removed_at IS NOT NULL OR {changed} "),
        (ATTENDEES, ""),
    ):
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} kept WHERE kept.id = NEW.id) "
        for name, verb, on in (
            ("update", "UPDATE", when),
            ("delete", "DELETE", ""),
            ("replace", "INSERT", taken),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW {on}"
                f"BEGIN SELECT RAISE(ABORT, '{table}.append_only'); END"
            )


def _postgresql() -> None:
    changed = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in FROZEN)
    for table, rows in ((TRAININGS, "DELETE"), (ATTENDEES, "UPDATE OR DELETE")):
        for name, verb, each in (
            ("append_only", rows, "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION suicha_append_only()"
            )
    op.execute(
        f"CREATE TRIGGER {TRAININGS}_kept BEFORE UPDATE ON {TRAININGS} FOR EACH ROW "
        f"WHEN (OLD.removed_at IS NOT NULL OR {changed}) EXECUTE FUNCTION suicha_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError
