"""The receiver's drawn signature under a delivery of a notice, append-only (R093)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_69"
down_revision = "20261130_38"
branch_labels = None
depends_on = None

TABLE = "delivery_signatures"
KEYS = ("id", "delivery_id")  # by which SQLite's REPLACE could find a row to push out


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "delivery_id", sa.Integer(), sa.ForeignKey("notice_deliveries.id"), nullable=False
        ),
        sa.Column("strokes", sa.JSON(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.UniqueConstraint("delivery_id", name="uq_delivery_signatures_delivery_id"),
    )
    op.create_index("ix_delivery_signatures_jurisdiction_id", TABLE, ["jurisdiction_id"])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite(TABLE, KEYS)
    else:
        _postgresql(TABLE)


def _sqlite(table: str, keys: tuple[str, ...]) -> None:
    """REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    same = " OR ".join(f"kept.{key} = NEW.{key}" for key in keys)
    taken = f"EXISTS (SELECT 1 FROM {table} kept WHERE {same})"
    for name, verb, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", f"WHEN {taken} "),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{table}.append_only'); END"
        )


def _postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION suicha_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION suicha_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError
