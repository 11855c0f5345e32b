"""A published sheet is entered again once no publication of it stands any more: the one step back
the lock lets happen, and only with the entry that declares the publication void."""

from __future__ import annotations

from alembic import op

revision = "20261130_66"
down_revision = "20261130_33"
branch_labels = None
depends_on = None

# As the lock was made: what no statement may change of an entered sheet.
FROZEN = (
    "id", "jurisdiction_id", "inspection_id", "department_id", "code", "lists", "ended_on",
    "submitted_by", "submitted_at", "accepted_by", "accepted_at", "return_reason",
    "entered_by", "entered_at", "entered_op", "entered_version", "results", "result_code",
)  # fmt: skip
LOCKED = "('entered', 'published')"
FORTH = (
    "(OLD.published_at IS NULL AND (OLD.state = NEW.state "
    "OR (OLD.state = 'entered' AND NEW.state = 'published')))"
)
NEWEST = (
    "p.id = (SELECT max(q.id) FROM publications q "
    "WHERE q.sheet_id = p.sheet_id AND q.version = p.version)"
)
BACK = (
    "(OLD.state = 'published' AND NEW.state = 'entered' AND NEW.published_at IS NULL "
    "AND EXISTS (SELECT 1 FROM publications p WHERE p.sheet_id = OLD.id AND p.is_void) "
    "AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.sheet_id = OLD.id AND NOT p.is_void "
    f"AND {NEWEST}))"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in FROZEN)
    op.execute("DROP TRIGGER sheets_update")
    op.execute(
        "CREATE TRIGGER sheets_update BEFORE UPDATE ON sheets FOR EACH ROW "
        f"WHEN OLD.state IN {LOCKED} AND ({changed} OR NOT ({FORTH} OR {BACK})) "
        "BEGIN SELECT RAISE(ABORT, 'sheet.locked'); END"
    )


def _postgresql() -> None:
    changed = " OR ".join(
        f"OLD.{c}::text IS DISTINCT FROM NEW.{c}::text" if c in {"lists", "results"}
        else f"OLD.{c} IS DISTINCT FROM NEW.{c}"
        for c in FROZEN
    )  # fmt: skip
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION suicha_sheet_lock() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.state NOT IN {LOCKED} THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
          END IF;
          IF TG_OP = 'UPDATE' AND NOT ({changed}) AND ({FORTH} OR {BACK}) THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )


def downgrade() -> None:
    raise NotImplementedError
