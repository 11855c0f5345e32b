"""Parts of a joint task's summary table, handed to the department that leads it, and returned: both
append-only. What was entered for reports is never deleted, and nothing of it changes once it was
taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_83"
down_revision = "20261130_82"
branch_labels = None
depends_on = None

PARTS, RETURNS, ENTRIES = "summary_parts", "summary_part_returns", "report_entries"
# What no two rows may share, beside the id: REPLACE would remove the older one.
KEYS = {
    PARTS: "kept.task_id = NEW.task_id AND kept.department_id = NEW.department_id "
    "AND kept.number = NEW.number",
    RETURNS: "kept.part_id = NEW.part_id",
}


def upgrade() -> None:
    _table(
        PARTS,
        _ref("task_id", "plan_tasks"),
        _ref("department_id", "departments"),
        _ref("to_department_id", "departments"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _ref("handed_by", "people"),
        sa.Column("handed_at", UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "task_id", "department_id", "number",
            name="uq_summary_parts_task_id_department_id_number",
        ),
    )  # fmt: skip
    _table(
        RETURNS,
        _ref("part_id", PARTS),
        sa.Column("reason", sa.Text(), nullable=False),
        _ref("returned_by", "people"),
        sa.Column("returned_at", UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("part_id", name="uq_summary_part_returns_part_id"),
    )
    _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()


def _table(name: str, *rest: sa.Column[object] | sa.UniqueConstraint) -> None:
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
    found = "EXISTS (SELECT 1 FROM {0} kept WHERE kept.id = NEW.id{1})"
    for table, key in KEYS.items():
        _refuse(table, "update", "UPDATE")
        _refuse(table, "delete", "DELETE")
        _refuse(table, "replace", "INSERT", f"WHEN {found.format(table, f' OR ({key})')} ")
    _refuse(ENTRIES, "update", "UPDATE", "WHEN OLD.removed_at IS NOT NULL ")
    _refuse(ENTRIES, "delete", "DELETE")
    _refuse(ENTRIES, "replace", "INSERT", f"WHEN {found.format(ENTRIES, '')} ")


def _refuse(table: str, name: str, verb: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table}.append_only'); END"
    )


def _postgresql() -> None:
    for table in (PARTS, RETURNS, ENTRIES):
        rows = "DELETE" if table == ENTRIES else "UPDATE OR DELETE"
        for name, verb, each in (
            ("append_only", rows, "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION suicha_append_only()"
            )
    op.execute(
        f"CREATE TRIGGER {ENTRIES}_removed BEFORE UPDATE ON {ENTRIES} FOR EACH ROW "
        "WHEN (OLD.removed_at IS NOT NULL) EXECUTE FUNCTION suicha_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError
