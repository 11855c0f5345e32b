"""Results as visitors look for them: one row for each department's published result (R015, R082).

What was published before is read in by ``suicha db upgrade`` afterwards, by the product's own code.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_35"
down_revision = "20261130_34"
branch_labels = None
depends_on = None

TABLE = "public_results"
ORDERS = {
    "order": ["ended_on", "id", "search_text"],
    "task": ["task_id", "ended_on", "id"],
    "department": ["department_id", "ended_on", "id"],
    "code": ["result_code", "ended_on", "id"],
}


def upgrade() -> None:
    def points(name: str, table: str) -> sa.Column[int]:
        return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=False)

    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), primary_key=True),
        points("sheet_id", "sheets"),
        sa.Column("sheet_code", sa.String(12), nullable=False),
        points("inspection_id", "inspections"),
        sa.Column("number", sa.String(40), nullable=False),
        points("firm_id", "firms"),
        sa.Column("firm_name", sa.String(120), nullable=False),
        sa.Column("uscc", sa.String(18), nullable=False),
        points("task_id", "plan_tasks"),
        points("plan_id", "plans"),
        sa.Column("task_name", sa.Text(), nullable=False),
        points("department_id", "departments"),
        sa.Column("department_name", sa.String(80), nullable=False),
        *(
            sa.Column(name, sa.Date(), nullable=False)
            for name in ("ended_on", "first_published_on", "published_on")
        ),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("version", "result_code", "problems")
        ),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("is_shown", "is_corrected", "awaits_version", "has_outcome")
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("private_names", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        points("jurisdiction_id", "jurisdictions"),
        sa.UniqueConstraint("sheet_id"),
    )
    for column in ("jurisdiction_id", "inspection_id", "firm_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
    for name, columns in ORDERS.items():
        op.create_index(f"ix_{TABLE}_{name}", TABLE, ["jurisdiction_id", "is_shown", *columns])
    for name, column in (("uscc", "uscc"), ("revision", "revision")):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, ["jurisdiction_id", column])


def downgrade() -> None:
    """Derived: nothing is lost."""
    op.drop_table(TABLE)
