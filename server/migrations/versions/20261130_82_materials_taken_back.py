"""A handover of materials is taken back by a second row, and what it covered is handed over again:
a part of a visit is covered once by what stands, no longer once for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_82"
down_revision = "20261130_79"
branch_labels = None
depends_on = None

TAKEN_BACK, SHEETS = "material_withdrawals", "material_sheets"
KEY = "uq_material_withdrawals_handover_id"
STANDS = (
    f"SELECT 1 FROM {SHEETS} kept WHERE kept.sheet_id = NEW.sheet_id AND (kept.handover_id = "
    f"NEW.handover_id OR NOT EXISTS (SELECT 1 FROM {TAKEN_BACK} back "
    "WHERE back.handover_id = kept.handover_id))"
)


def upgrade() -> None:
    op.create_table(
        TAKEN_BACK,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "handover_id", sa.Integer(), sa.ForeignKey("material_handovers.id"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.UniqueConstraint("handover_id", name=KEY),
    )
    op.create_index(f"ix_{TAKEN_BACK}_jurisdiction_id", TAKEN_BACK, ["jurisdiction_id"])
    _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()


def _sqlite() -> None:
    """A key is changed by a copy; the old table goes with its triggers, and SQLite asks none of
    them. REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    op.create_table(
        "material_sheets_copy",
        sa.Column("sheet_id", sa.Integer(), sa.ForeignKey("sheets.id"), nullable=False),
        sa.Column(
            "handover_id", sa.Integer(), sa.ForeignKey("material_handovers.id"), nullable=False
        ),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.PrimaryKeyConstraint("sheet_id", "handover_id", name=f"pk_{SHEETS}"),
    )
    columns = "sheet_id, handover_id, jurisdiction_id"
    op.execute(f"INSERT INTO material_sheets_copy ({columns}) SELECT {columns} FROM {SHEETS}")
    op.drop_table(SHEETS)
    op.rename_table("material_sheets_copy", SHEETS)
    for column in ("jurisdiction_id", "handover_id"):
        op.create_index(f"ix_{SHEETS}_{column}", SHEETS, [column])
    taken = (
        f"SELECT 1 FROM {TAKEN_BACK} kept "
        "WHERE kept.id = NEW.id OR kept.handover_id = NEW.handover_id"
    )
    for table, found in ((SHEETS, STANDS), (TAKEN_BACK, taken)):
        for verb in ("UPDATE", "DELETE", "INSERT"):
            name, when = verb.lower(), ""
            if verb == "INSERT":
                name, when = "replace", f"WHEN EXISTS ({found}) "
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW {when}"
                f"BEGIN SELECT RAISE(ABORT, '{table}.append_only'); END"
            )


def _postgresql() -> None:
    op.execute(f"ALTER TABLE {SHEETS} DROP CONSTRAINT pk_{SHEETS}")
    op.create_primary_key(f"pk_{SHEETS}", SHEETS, ["sheet_id", "handover_id"])
    for name, verb, each in (
        ("append_only", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {TAKEN_BACK}_{name} BEFORE {verb} ON {TAKEN_BACK} "
            f"FOR EACH {each} EXECUTE FUNCTION suicha_append_only()"
        )


def downgrade() -> None:
    raise NotImplementedError
