"""报送资料: what was handed to the department that leads a joint task, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_76"
down_revision = "20261130_77"
branch_labels = None
depends_on = None

HANDOVERS, SHEETS = "material_handovers", "material_sheets"
KEYS = {HANDOVERS: "id", SHEETS: "sheet_id"}


def upgrade() -> None:
    op.create_table(
        HANDOVERS,
        sa.Column("id", sa.Integer(), primary_key=True),
        _ref("task_id", "plan_tasks"),
        _ref("department_id", "departments"),
        _ref("to_department_id", "departments"),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        _ref("recorded_by", "people"),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        _ref("jurisdiction_id", "jurisdictions"),
    )
    op.create_table(
        SHEETS,
        sa.Column("sheet_id", sa.Integer(), sa.ForeignKey("sheets.id"), primary_key=True),
        _ref("handover_id", HANDOVERS),
        _ref("jurisdiction_id", "jurisdictions"),
    )
    for table, column in (
        (HANDOVERS, "jurisdiction_id"),
        (HANDOVERS, "task_id"),
        (SHEETS, "jurisdiction_id"),
        (SHEETS, "handover_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table, key in KEYS.items():
        if op.get_bind().dialect.name == "sqlite":
            _sqlite(table, key)
        else:
            _postgresql(table)


def _ref(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=False)


def _sqlite(table: str, key: str) -> None:
    """REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    taken = f"WHEN EXISTS (SELECT 1 FROM {table} kept WHERE kept.{key} = NEW.{key}) "
    for verb, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", taken)):
        name = "replace" if when else verb.lower()
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{table}.append_only'); END"
        )


def _postgresql(table: str) -> None:
    for name, verb, each in (
        ("append_only", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION suicha_append_only()"
        )


def downgrade() -> None:
    raise NotImplementedError
