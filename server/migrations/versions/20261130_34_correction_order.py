"""Correction orders of several items, with evidence and signatures, append-only (R080, R081)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_34"
down_revision = "20261130_66"
branch_labels = None
depends_on = None

# with the keys by which SQLite's REPLACE could find a row to push out
TABLES = {
    "joined_corrections": ("proposal_id",),
    "correction_evidence": ("id",),
    "correction_signatures": ("id", "step_id"),
}


def upgrade() -> None:
    op.create_table(
        "joined_corrections",
        sa.Column("proposal_id", sa.String(40), sa.ForeignKey("proposals.id"), primary_key=True),
        sa.Column("order_id", sa.String(40), sa.ForeignKey("proposals.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _county(),
    )
    op.create_table(
        "correction_evidence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("order_id", sa.String(40), sa.ForeignKey("proposals.id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mime", sa.String(40), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        _county(),
    )
    op.create_table(
        "correction_signatures",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("step_id", sa.Integer(), sa.ForeignKey("correction_steps.id"), nullable=False),
        sa.Column("strokes", sa.JSON(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("typed_name", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _county(),
        sa.UniqueConstraint("step_id", name="uq_correction_signatures_step_id"),
    )
    for table, columns in {
        "joined_corrections": ("jurisdiction_id", "order_id"),
        "correction_evidence": ("jurisdiction_id", "order_id"),
        "correction_signatures": ("jurisdiction_id",),
    }.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, keys in TABLES.items():
        _sqlite(table, keys) if is_sqlite else _postgresql(table)


def _county() -> sa.Column[int]:
    return sa.Column(
        "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
    )


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
