"""Imports of registers: the file, its rows as compared, and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_13"
down_revision = "20261130_17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.Column("register", sa.String(24), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_kind", sa.String(8), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("sheet", sa.String(120), nullable=False),
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("beat_at", instant),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("confirmed_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("confirmed_at", instant),
        sa.Column("undone_by", sa.Integer(), sa.ForeignKey("people.id")),
        sa.Column("undone_at", instant),
    )
    op.create_index("ix_imports_jurisdiction_id", "imports", ["jurisdiction_id"])
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.Column(
            "import_id",
            sa.Integer(),
            sa.ForeignKey("imports.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("has_asks", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(8), nullable=False),
        sa.Column("was_stale", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.Integer()),
        sa.UniqueConstraint("import_id", "row_no", name=op.f("uq_import_rows_import_id_row_no")),
    )
    op.create_index("ix_import_rows_jurisdiction_id", "import_rows", ["jurisdiction_id"])
    op.create_index("ix_import_rows_kind", "import_rows", ["import_id", "kind"])


def downgrade() -> None:
    raise NotImplementedError
