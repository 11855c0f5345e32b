"""Receipts of the official platform and publications of results, append-only (R082–R084)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_32"
down_revision = "20261130_31"
branch_labels = None
depends_on = None

TABLES = ("platform_receipts", "publications")


def upgrade() -> None:
    _table(
        "platform_receipts",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
    )
    _table(
        "publications",
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        _sqlite(table) if is_sqlite else _postgresql(table)


def _table(name: str, *own: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sheet_id", sa.Integer(), sa.ForeignKey("sheets.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *own,
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("document_name", sa.String(200), nullable=False),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
    )
    for column in ("jurisdiction_id", "sheet_id"):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _sqlite(table: str) -> None:
    """REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    taken = f"EXISTS (SELECT 1 FROM {table} kept WHERE kept.id = NEW.id)"
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
