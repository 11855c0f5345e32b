"""后续处置: a case per problem, its steps, visits closed, revisits (R043, R089–R092, R096).

The database itself refuses what must not happen whoever writes: a case is never deleted nor turned
to another problem, steps, closings and revisit draws are append-only, and no visit is closed while
a sheet of it is not entered or a problem not dealt with (后续处置无例外). Problems entered before
get their cases here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_31"
down_revision = "20261130_30"
branch_labels = None
depends_on = None

PROBLEMS = (2, 3, 4, 5, 6, 8)
CASE_FROZEN = (
    "id", "jurisdiction_id", "inspection_id", "sheet_id", "department_id", "item_code",
    "opened_at",
)  # fmt: skip
APPEND_ONLY = {
    "follow_up_steps": (("id",),),
    "inspection_closings": (("id",),),
    "revisit_draws": (("id",), ("jurisdiction_id", "seed")),
}
INSTANT = UtcDateTime(timezone=True)
UNFINISHED = """(
  NOT EXISTS (SELECT 1 FROM sheets s WHERE s.inspection_id = NEW.inspection_id)
  OR EXISTS (SELECT 1 FROM sheets s WHERE s.inspection_id = NEW.inspection_id
             AND s.state NOT IN ('entered', 'published'))
  OR EXISTS (SELECT 1 FROM follow_ups f WHERE f.inspection_id = NEW.inspection_id
             AND f.state IN ('open', 'decided'))
  OR EXISTS (SELECT 1 FROM sheets s WHERE s.inspection_id = NEW.inspection_id
             AND s.result_code IN (2, 3, 4, 5, 6, 8)
             AND NOT EXISTS (SELECT 1 FROM follow_ups f WHERE f.sheet_id = s.id)))"""


def upgrade() -> None:
    _tables()
    _open_cases()
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


def _tables() -> None:
    op.create_table(
        "follow_ups",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _ref("inspection_id", "inspections"),
        _ref("sheet_id", "sheets"),
        _ref("department_id", "departments"),
        _text("item_code", 40),
        _text("item_text"),
        _text("severity", 12),
        sa.Column("result_code", sa.Integer(), nullable=False),
        _text("finding"),
        _text("state", 8),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        _text("disposal", 20),
        _text("body", 80),
        _text("case_no", 60),
        sa.Column("due_on", sa.Date()),
        _ref("decided_by", "people", nullable=True),
        sa.Column("decided_at", INSTANT),
        _text("outcome"),
        sa.Column("done_on", sa.Date()),
        sa.Column("is_published", sa.Boolean(), nullable=False, server_default=sa.false()),
        _text("public_text"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.UniqueConstraint("sheet_id", "item_code", name="uq_follow_ups_sheet_id_item_code"),
        sa.CheckConstraint(
            "state IN ('open', 'void') OR (disposal <> '' AND decided_by IS NOT NULL)",
            name=op.f("ck_follow_ups_decided"),
        ),
        sa.CheckConstraint(
            "state <> 'done' OR done_on IS NOT NULL", name=op.f("ck_follow_ups_done")
        ),
    )
    op.create_table(
        "follow_up_steps",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _ref("follow_up_id", "follow_ups"),
        _text("action", 12),
        _ref("person_id", "people"),
        sa.Column("at", INSTANT, nullable=False),
        _text("reason"),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("document_sha256", sa.String(64)),
        _text("document_name", 200),
    )
    op.create_table(
        "inspection_closings",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _ref("inspection_id", "inspections"),
        _text("action", 8),
        _ref("person_id", "people"),
        sa.Column("at", INSTANT, nullable=False),
        _text("note"),
    )
    op.create_table(
        "revisit_draws",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        _text("percent", 12),
        sa.Column("within_days", sa.Integer(), nullable=False),
        _text("pool"),
        _text("pool_sha256", 64),
        _text("seed", 200),
        _text("witness", 80),
        _ref("made_by", "people"),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.UniqueConstraint(
            "jurisdiction_id", "seed", name="uq_revisit_draws_jurisdiction_id_seed"
        ),
    )
    op.create_table(
        "revisits",
        _id(),
        _ref("jurisdiction_id", "jurisdictions"),
        _ref("draw_id", "revisit_draws"),
        _ref("firm_id", "firms"),
        _ref("inspection_id", "inspections"),
        _text("ticket", 64),
        sa.Column("due_on", sa.Date(), nullable=False),
        _text("outcome", 16),
        _text("note"),
        sa.Column("visited_on", sa.Date()),
        _ref("recorded_by", "people", nullable=True),
        sa.Column("recorded_at", INSTANT),
        sa.UniqueConstraint("draw_id", "firm_id", name="uq_revisits_draw_id_firm_id"),
    )
    for table, columns in {
        "follow_ups": ("jurisdiction_id", "inspection_id", "department_id", "state"),
        "follow_up_steps": ("jurisdiction_id", "follow_up_id"),
        "inspection_closings": ("jurisdiction_id", "inspection_id"),
        "revisit_draws": ("jurisdiction_id",),
        "revisits": ("jurisdiction_id", "firm_id", "inspection_id"),
    }.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _open_cases() -> None:
    """Of the newest version of each entered sheet."""
    connection, at = op.get_bind(), datetime.now(UTC)
    cases = sa.table(
        "follow_ups",
        *(sa.column(name) for name in (
            "jurisdiction_id", "inspection_id", "sheet_id", "department_id", "item_code",
            "item_text", "severity", "result_code", "finding", "state", "disposal", "body",
            "case_no", "outcome", "public_text", "revision",
        )),
        sa.column("id", sa.Integer),
        sa.column("opened_at", INSTANT),
        sa.column("decide_by", sa.Date),
    )  # fmt: skip
    steps = sa.table(
        "follow_up_steps",
        *(sa.column(name) for name in (
            "jurisdiction_id", "follow_up_id", "action", "person_id", "reason", "document_name",
        )),
        sa.column("at", INSTANT),
        sa.column("details", sa.JSON),
    )  # fmt: skip
    found = connection.execute(
        sa.text(
            "SELECT s.jurisdiction_id, s.inspection_id, s.id AS sheet_id, s.department_id, "
            "v.version, v.entered_by, v.snapshot FROM sheets s "
            "JOIN sheet_versions v ON v.sheet_id = s.id WHERE NOT EXISTS (SELECT 1 FROM "
            "sheet_versions n WHERE n.sheet_id = s.id AND n.version > v.version) ORDER BY s.id"
        )
    ).mappings()
    for row in list(found):
        told = row["snapshot"]
        snapshot: dict[str, Any] = json.loads(told) if isinstance(told, str) else told
        for item in snapshot.get("items", ()):
            if item.get("result") not in PROBLEMS:
                continue
            case = {
                **{name: row[name] for name in (
                    "jurisdiction_id", "inspection_id", "sheet_id", "department_id",
                )},
                "item_code": item["code"],
                "item_text": item.get("text") or "",
                "severity": item.get("severity") or "minor",
                "result_code": item["result"],
                "finding": str((item.get("answer") or {}).get("note") or "").strip(),
                "state": "open",
                "opened_at": at,
                "decide_by": (at + timedelta(days=14)).date(),
                "disposal": "", "body": "", "case_no": "", "outcome": "", "public_text": "",
                "revision": 1,
            }  # fmt: skip
            connection.execute(cases.insert(), case)
            opened = connection.execute(
                sa.select(cases.c.id).where(
                    cases.c.sheet_id == row["sheet_id"], cases.c.item_code == item["code"]
                )
            ).scalar_one()
            connection.execute(
                steps.insert(),
                {
                    "jurisdiction_id": row["jurisdiction_id"], "follow_up_id": opened,
                    "action": "open", "person_id": row["entered_by"], "at": at, "reason": "",
                    "document_name": "",
                    "details": {"version": row["version"], "result": item["result"]},
                },
            )  # fmt: skip


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
    for table, keys in APPEND_ONLY.items():
        for verb in ("UPDATE", "DELETE"):
            _trigger(f"{table}_{verb.lower()}", verb, table, "", f"{table}.append_only")
        _trigger(f"{table}_replace", "INSERT", table, _taken(table, keys), f"{table}.append_only")
    changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in CASE_FROZEN)
    _trigger("follow_ups_delete", "DELETE", "follow_ups", "", "follow_ups.kept")
    _trigger("follow_ups_update", "UPDATE", "follow_ups", changed, "follow_ups.kept")
    keys = (("id",), ("sheet_id", "item_code"))
    _trigger(
        "follow_ups_replace", "INSERT", "follow_ups", _taken("follow_ups", keys), "follow_ups.kept"
    )
    _trigger(
        "inspection_closings_close", "INSERT", "inspection_closings",
        f"NEW.action = 'close' AND {UNFINISHED}", "inspection.not_closable",
    )  # fmt: skip


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
        CREATE FUNCTION suicha_follow_up_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'follow_ups.kept' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in CASE_FROZEN)
    op.execute(
        "CREATE TRIGGER follow_ups_delete BEFORE DELETE ON follow_ups "
        "FOR EACH ROW EXECUTE FUNCTION suicha_follow_up_kept()"
    )
    op.execute(
        "CREATE TRIGGER follow_ups_truncate BEFORE TRUNCATE ON follow_ups "
        "FOR EACH STATEMENT EXECUTE FUNCTION suicha_follow_up_kept()"
    )
    op.execute(
        "CREATE TRIGGER follow_ups_update BEFORE UPDATE ON follow_ups FOR EACH ROW "
        f"WHEN ({changed}) EXECUTE FUNCTION suicha_follow_up_kept()"
    )
    op.execute(
        f"""
        CREATE FUNCTION suicha_closing_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.action = 'close' AND {UNFINISHED} THEN
            RAISE EXCEPTION 'inspection.not_closable'
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER inspection_closings_close BEFORE INSERT ON inspection_closings "
        "FOR EACH ROW EXECUTE FUNCTION suicha_closing_allowed()"
    )


def downgrade() -> None:
    raise NotImplementedError
