"""当日小结: summaries of a day, signed by a lead, append-only (R065)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_33"
down_revision = "20261130_37"
branch_labels = None
depends_on = None

TABLE = "day_summaries"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("department_id", sa.Integer(), sa.ForeignKey("departments.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("strokes", sa.JSON(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("typed_name", sa.String(80), nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        sa.UniqueConstraint(
            "person_id", "day", "number", name="uq_day_summaries_person_id_day_number"
        ),
    )
    for column in ("jurisdiction_id", "day"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
    _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()


def _sqlite() -> None:
    """REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    taken = (
        f"EXISTS (SELECT 1 FROM {TABLE} kept WHERE kept.id = NEW.id OR (kept.person_id = "
        "NEW.person_id AND kept.day = NEW.day AND kept.number = NEW.number))"
    )
    for name, verb, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", f"WHEN {taken} "),
    ):
        op.execute(
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {verb} ON {TABLE} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{TABLE}.append_only'); END"
        )


def _postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION suicha_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION suicha_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError
