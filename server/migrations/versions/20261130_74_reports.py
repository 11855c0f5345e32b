"""Reports as they were made, what is entered for them by hand, and their dates (R100–R108)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_74"
down_revision = "20261130_72"
branch_labels = None
depends_on = None

FROZEN = "reports"


def upgrade() -> None:
    _table(
        FROZEN,
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "jurisdiction_id", "kind", "period", "number",
            name="uq_reports_jurisdiction_id_kind_period_number",
        ),
    )  # fmt: skip
    _table(
        "report_entries",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_report_entries_day", "report_entries", ["day"])
    _table(
        "report_heads",
        sa.Column("unit", sa.String(80), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("mobile", sa.String(32), nullable=False),
        sa.UniqueConstraint("jurisdiction_id", name="uq_report_heads_jurisdiction_id"),
    )
    _table(
        "report_days",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("handed_in_on", sa.Date(), nullable=True),
        sa.UniqueConstraint(
            "jurisdiction_id", "year", "key", name="uq_report_days_jurisdiction_id_year_key"
        ),
    )
    _table(
        "province_tasks",
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("plan_tasks.id"), nullable=False),
        sa.Column("marked_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("marked_at", UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("task_id", name="uq_province_tasks_task_id"),
    )
    _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()


def _table(name: str, *rest: sa.Column[object] | sa.UniqueConstraint) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        *rest,
    )
    op.create_index(f"ix_{name}_jurisdiction_id", name, ["jurisdiction_id"])


def _sqlite() -> None:
    """REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    taken = (
        f"EXISTS (SELECT 1 FROM {FROZEN} kept WHERE kept.id = NEW.id OR (kept.jurisdiction_id = "
        "NEW.jurisdiction_id AND kept.kind = NEW.kind AND kept.period = NEW.period AND "
        "kept.number = NEW.number))"
    )
    for name, verb, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", f"WHEN {taken} "),
    ):
        op.execute(
            f"CREATE TRIGGER {FROZEN}_{name} BEFORE {verb} ON {FROZEN} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{FROZEN}.append_only'); END"
        )


def _postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER {FROZEN}_append_only BEFORE UPDATE OR DELETE ON {FROZEN} "
        "FOR EACH ROW EXECUTE FUNCTION suicha_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {FROZEN}_truncate BEFORE TRUNCATE ON {FROZEN} "
        "FOR EACH STATEMENT EXECUTE FUNCTION suicha_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError
