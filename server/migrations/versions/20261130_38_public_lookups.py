"""Results of one firm and of one visit in indexes of their own: SQLite knows nothing of how many
results a county has, and took the index that names the county and is longest."""

from __future__ import annotations

from alembic import op

revision = "20261130_38"
down_revision = "20261130_68"
branch_labels = None
depends_on = None

TABLE = "public_results"
LOOKUPS = {"firm": "firm_id", "visit": "inspection_id"}


def upgrade() -> None:
    for name, column in LOOKUPS.items():
        op.drop_index(f"ix_{TABLE}_{column}", TABLE)
        op.create_index(f"ix_{TABLE}_{name}", TABLE, ["jurisdiction_id", column])


def downgrade() -> None:
    """Slower, and right all the same."""
    for name, column in LOOKUPS.items():
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
