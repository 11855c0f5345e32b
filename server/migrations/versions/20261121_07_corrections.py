"""Correction orders: their reason, their steps, their versions; and the outbox of side effects.

A version's row (``version:<sheet>/<n>``) is as final as the rows it is laid over: triggers refuse
to change or delete it, and the steps of an order are append-only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261121_07"
down_revision = "20261121_06"
branch_labels = None
depends_on = None

SAME_ROW = "(kept.space = NEW.space AND kept.id = NEW.id OR kept.rowid = NEW.rowid)"


def upgrade() -> None:
    op.add_column("proposals", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("proposals", sa.Column("result", sa.Integer(), nullable=True))
    _steps()
    _side_effects()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _steps() -> None:
    op.create_table(
        "correction_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.String(40), nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("op", sa.String(36), nullable=True),
        sa.Column("jurisdiction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_correction_steps_proposal_id_proposals"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_correction_steps_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_correction_steps_jurisdiction_id_jurisdictions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_steps")),
    )
    for column in ("jurisdiction_id", "proposal_id"):
        name = op.f(f"ix_correction_steps_{column}")
        op.create_index(name, "correction_steps", [column], unique=False)


def _side_effects() -> None:
    op.create_table(
        "side_effects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(36), nullable=False),
        sa.Column("epoch", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(12), nullable=True),
        sa.Column("jurisdiction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_side_effects_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=op.f("fk_side_effects_jurisdiction_id_jurisdictions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side_effects")),
        sa.UniqueConstraint(
            "op", "epoch", "kind", "target", name=op.f("uq_side_effects_op_epoch_kind_target")
        ),
    )
    for column in ("jurisdiction_id", "person_id"):
        op.create_index(op.f(f"ix_side_effects_{column}"), "side_effects", [column], unique=False)
    op.create_index("ix_side_effects_waiting", "side_effects", ["taken_at", "id"], unique=False)


def _trigger(name: str, when: str, table: str, condition: str, message: str) -> None:
    where = f"WHEN {condition} " if condition else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {where}"
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _sqlite() -> None:
    steps = "correction_steps"
    for verb in ("UPDATE", "DELETE"):
        _trigger(f"{steps}_{verb.lower()}", verb, steps, "", f"{steps}.append_only")
    taken = f"EXISTS (SELECT 1 FROM {steps} kept WHERE kept.id = NEW.id)"
    _trigger(f"{steps}_replace", "INSERT", steps, taken, f"{steps}.append_only")
    for verb in ("UPDATE", "DELETE"):
        _trigger(
            f"entities_version_{verb.lower()}", verb, "entities", "OLD.type = 'version'",
            "sheet.locked",
        )  # fmt: skip
    kept = f"EXISTS (SELECT 1 FROM entities kept WHERE kept.type = 'version' AND {SAME_ROW})"
    _trigger("entities_version_replace", "INSERT", "entities", kept, "sheet.locked")
    moved = "(OLD.space <> NEW.space OR OLD.id <> NEW.id OR OLD.rowid <> NEW.rowid)"
    _trigger(
        "entities_version_push_out", "UPDATE", "entities", f"{moved} AND {kept}", "sheet.locked"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE TRIGGER correction_steps_append_only BEFORE UPDATE OR DELETE ON correction_steps "
        "FOR EACH ROW EXECUTE FUNCTION suicha_append_only()"
    )
    op.execute(
        "CREATE TRIGGER correction_steps_truncate BEFORE TRUNCATE ON correction_steps "
        "FOR EACH STATEMENT EXECUTE FUNCTION suicha_append_only()"
    )
    op.execute(
        """
        CREATE FUNCTION suicha_version_lock() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER entities_version_lock BEFORE UPDATE OR DELETE ON entities FOR EACH ROW "
        "WHEN (OLD.type = 'version') EXECUTE FUNCTION suicha_version_lock()"
    )


def downgrade() -> None:
    raise NotImplementedError
