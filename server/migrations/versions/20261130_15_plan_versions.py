"""Plans become living documents: drafts, published versions, adjustments, one task in two plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_15"
down_revision = "20261130_13"
branch_labels = None
depends_on = None

INSTANT = server.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "plans", sa.Column("state", sa.String(12), nullable=False, server_default="imported")
    )
    op.add_column(
        "plans", sa.Column("document_no", sa.String(80), nullable=False, server_default="")
    )
    op.add_column("plans", sa.Column("phases", sa.JSON(), nullable=False, server_default="[]"))
    for name in ("lead_units", "item_codes"):
        op.add_column("plan_tasks", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    for name in ("responsible_unit", "completion_text"):
        op.add_column(
            "plan_tasks", sa.Column(name, sa.String(80), nullable=False, server_default="")
        )
    op.add_column("plan_tasks", sa.Column("counted_as_id", sa.Integer()))
    op.add_column("plan_tasks", sa.Column("dropped_at", INSTANT))
    _add_versions()
    _add_adjustments()
    _add_links()


def _add_versions() -> None:
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Integer(), primary_key=True),
        _owner(),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plans.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("published_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("published_at", INSTANT),
        sa.Column("reported_on", sa.Date()),
        sa.Column("report_no", sa.String(80), nullable=False),
        sa.Column("reported_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.UniqueConstraint("plan_id", "number"),
    )
    _index("plan_versions", "jurisdiction_id", "plan_id")


def _add_adjustments() -> None:
    op.create_table(
        "plan_adjustments",
        sa.Column("id", sa.Integer(), primary_key=True),
        _owner(),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plans.id"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("plan_tasks.id")),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("document_name", sa.String(200), nullable=False),
        sa.Column("requested_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("decided_at", INSTANT),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("version_number", sa.Integer()),
    )
    _index("plan_adjustments", "jurisdiction_id", "plan_id", "task_id")


def _add_links() -> None:
    op.create_table(
        "task_links",
        sa.Column("id", sa.Integer(), primary_key=True),
        _owner(),
        sa.Column("own_task_id", sa.Integer(), sa.ForeignKey("plan_tasks.id"), nullable=False),
        sa.Column("county_task_id", sa.Integer(), sa.ForeignKey("plan_tasks.id"), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.UniqueConstraint("own_task_id", "county_task_id"),
    )
    _index("task_links", "jurisdiction_id")


def _owner() -> sa.Column[int]:
    return sa.Column(
        "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    raise NotImplementedError
