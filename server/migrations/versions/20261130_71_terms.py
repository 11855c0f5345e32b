"""期限: what happened to each term, append-only; pauses of a visit's term, decided once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_71"
down_revision = "20261130_74"
branch_labels = None
depends_on = None

INSTANT = UtcDateTime(timezone=True)
EVENTS, PAUSES = "term_events", "term_pauses"
EVENT_KEYS = ("term", "subject_id", "turn", "kind", "step")
ASKED = (
    "id", "jurisdiction_id", "inspection_id", "department_id", "reason", "words", "from_on",
    "to_on", "document_sha256", "document_name", "requested_by", "requested_at",
)  # fmt: skip


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _ref(name: str, target: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _day(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _at(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=nullable)


def _tables() -> None:
    op.create_table(
        EVENTS,
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("term", 12), _whole("subject_id"), _ref("inspection_id", "inspections"),
        _ref("department_id", "departments"), _whole("turn"), _text("kind", 8), _whole("step"),
        _day("due_on"), _day("met_on", True), _at("at"), _at("recorded_at"),
        _ref("jurisdiction_id", "jurisdictions"),
        sa.UniqueConstraint(*EVENT_KEYS, name="uq_term_events_term_subject_id_turn_kind_step"),
    )  # fmt: skip
    op.create_table(
        "term_runs",
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), primary_key=True
        ),
        _at("advanced_at", True),
    )
    op.create_table(
        PAUSES,
        sa.Column("id", sa.Integer(), primary_key=True),
        _ref("inspection_id", "inspections"), _ref("department_id", "departments"),
        _text("state", 12), _text("reason", 20), _text("words"), _day("from_on"), _day("to_on"),
        _text("document_sha256", 64), _text("document_name", 200), _ref("requested_by", "people"),
        _at("requested_at"), _ref("decided_by", "people", True), _at("decided_at", True),
        _text("decision"), _ref("jurisdiction_id", "jurisdictions"),
        sa.CheckConstraint("from_on <= to_on", name="ck_term_pauses_days"),
    )  # fmt: skip
    for table in (EVENTS, PAUSES):
        for column in ("jurisdiction_id", "inspection_id"):
            op.create_index(f"ix_{table}_{column}", table, [column])
    is_open = sa.text("state = 'requested'")
    op.create_index(
        "uq_term_pauses_open", PAUSES, ["inspection_id"], unique=True,
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip


def _sqlite() -> None:
    """REPLACE removes rows without asking DELETE triggers: it is refused at the INSERT."""
    same = " AND ".join(f"kept.{key} = NEW.{key}" for key in EVENT_KEYS)
    taken = f"EXISTS (SELECT 1 FROM {EVENTS} kept WHERE kept.id = NEW.id OR ({same}))"
    frozen = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in ASKED)
    paused = f"EXISTS (SELECT 1 FROM {PAUSES} kept WHERE kept.id = NEW.id)"
    for name, verb, when, message in (
        (f"{EVENTS}_update", f"UPDATE ON {EVENTS}", "", f"{EVENTS}.append_only"),
        (f"{EVENTS}_delete", f"DELETE ON {EVENTS}", "", f"{EVENTS}.append_only"),
        (f"{EVENTS}_replace", f"INSERT ON {EVENTS}", taken, f"{EVENTS}.append_only"),
        (f"{PAUSES}_delete", f"DELETE ON {PAUSES}", "", f"{PAUSES}.kept"),
        (f"{PAUSES}_replace", f"INSERT ON {PAUSES}", paused, f"{PAUSES}.kept"),
        (
            f"{PAUSES}_update", f"UPDATE ON {PAUSES}",
            f"OLD.state <> 'requested' OR {frozen}", f"{PAUSES}.kept",
        ),
    ):  # fmt: skip
        where = f"WHEN {when} " if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} FOR EACH ROW {where}"
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _postgresql() -> None:
    for name, verb, table, each, function in (
        (f"{EVENTS}_append_only", "UPDATE OR DELETE", EVENTS, "ROW", "suicha_append_only"),
        (f"{EVENTS}_truncate", "TRUNCATE", EVENTS, "STATEMENT", "suicha_append_only"),
        (f"{PAUSES}_delete", "DELETE", PAUSES, "ROW", "suicha_telling_kept"),
        (f"{PAUSES}_truncate", "TRUNCATE", PAUSES, "STATEMENT", "suicha_telling_kept"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()"
        )
    frozen = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in ASKED)
    op.execute(
        f"CREATE TRIGGER {PAUSES}_update BEFORE UPDATE ON {PAUSES} FOR EACH ROW "
        f"WHEN (OLD.state <> 'requested' OR {frozen}) EXECUTE FUNCTION suicha_telling_kept()"
    )


def downgrade() -> None:
    raise NotImplementedError
