"""线索 from the public: clues, their evidence and steps (R091, R092, R127).

The database itself refuses what must not happen whoever writes: what was reported is never changed
nor deleted, evidence and steps are append-only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_36"
down_revision = "20261130_32"
branch_labels = None
depends_on = None

REPORTED = (
    "id", "jurisdiction_id", "number", "key", "code_sha256", "received_at", "kind", "what",
    "happened", "place", "firm_text", "contact", "inspection_id",
)  # fmt: skip
APPEND_ONLY = ("clue_papers", "clue_steps")
INSTANT = UtcDateTime(timezone=True)


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _ref(name: str, target: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_clues_{name}"))


def _tables() -> None:
    op.create_table(
        "clues",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _text("number", 16),
        _text("key", 64),
        _text("code_sha256", 64),
        sa.Column("received_at", INSTANT, nullable=False),
        _text("kind", 16),
        _text("what"),
        _text("happened", 80),
        _text("place", 200),
        _text("firm_text", 120),
        _text("contact", 120),
        _ref("inspection_id", "inspections", nullable=True),
        _text("state", 12),
        sa.Column("accept_by", sa.Date(), nullable=False),
        sa.Column("finish_by", sa.Date()),
        _ref("firm_id", "firms", nullable=True),
        _ref("department_id", "departments", nullable=True),
        _ref("team_id", "teams", nullable=True),
        _text("body", 80),
        _ref("merged_into_id", "clues", nullable=True),
        _text("public_answer"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.UniqueConstraint("jurisdiction_id", "number", name="uq_clues_jurisdiction_id_number"),
        sa.UniqueConstraint("jurisdiction_id", "key", name="uq_clues_jurisdiction_id_key"),
        _check("state <> 'merged' OR merged_into_id IS NOT NULL", "merged"),
        _check("state <> 'assigned' OR department_id IS NOT NULL", "assigned"),
        _check("state <> 'transferred' OR body <> ''", "transferred"),
        _check("state <> 'closed' OR public_answer <> ''", "answered"),
    )
    op.create_table(
        "clue_papers",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _ref("clue_id", "clues"),
        _text("sha256", 64),
        _text("mime", 40),
        sa.Column("lat_e7", sa.Integer()),
        sa.Column("lng_e7", sa.Integer()),
        _text("taken", 40),
    )
    op.create_table(
        "clue_steps",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _ref("clue_id", "clues"),
        _text("action", 12),
        _ref("person_id", "people", nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        _text("reason"),
        _text("answer"),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("document_sha256", sa.String(64)),
        _text("document_name", 200),
    )
    op.create_table(
        "clue_attempts",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _text("kind", 8),
        _text("key", 64),
        sa.Column("at", INSTANT, nullable=False),
    )
    for table, columns in {
        "clues": ("jurisdiction_id", "state", "firm_id", "department_id"),
        "clue_papers": ("jurisdiction_id", "clue_id"),
        "clue_steps": ("jurisdiction_id", "clue_id"),
        "clue_attempts": ("jurisdiction_id", "key", "at"),
    }.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _trigger(name: str, when: str, table: str, condition: str, message: str) -> None:
    where = f"WHEN {condition} " if condition else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {where}"
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _taken(table: str, keys: tuple[tuple[str, ...], ...]) -> str:
    same = " OR ".join(
        "(" + " AND ".join(f"kept.{c} = NEW.{c}" for c in columns) + ")" for columns in keys
    )
    return f"EXISTS (SELECT 1 FROM {table} kept WHERE {same})"


def _sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _trigger(f"{table}_{verb.lower()}", verb, table, "", f"{table}.append_only")
        taken = _taken(table, (("id",),))
        _trigger(f"{table}_replace", "INSERT", table, taken, f"{table}.append_only")
    changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in REPORTED)
    _trigger("clues_delete", "DELETE", "clues", "", "clues.kept")
    _trigger("clues_update", "UPDATE", "clues", changed, "clues.kept")
    keys = (("id",), ("jurisdiction_id", "number"), ("jurisdiction_id", "key"))
    _trigger("clues_replace", "INSERT", "clues", _taken("clues", keys), "clues.kept")


def _postgresql() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION suicha_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suicha_append_only()"
        )
    op.execute(
        """
        CREATE FUNCTION suicha_clue_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'clues.kept' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in REPORTED)
    for name, when, each in (
        ("delete", "DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
        ("update", "UPDATE", f"ROW WHEN ({changed})"),
    ):
        op.execute(
            f"CREATE TRIGGER clues_{name} BEFORE {when} ON clues FOR EACH {each} "
            "EXECUTE FUNCTION suicha_clue_kept()"
        )


def downgrade() -> None:
    raise NotImplementedError
