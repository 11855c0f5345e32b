"""告知: notices of a result, their delivery, the firm's link and what the firm does there (R093).

Notices, deliveries, acts and answers are append-only; a link is revoked once, a code used or
revoked once, whoever writes. And what each problem is at a revisit, once per item (R096).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db import UtcDateTime

revision = "20261130_37"
down_revision = "20261130_36"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "result_notices": (("id",), ("sheet_id", "serial")),
    "notice_deliveries": (("id",),),
    "firm_acts": (("id",),),
    "firm_act_answers": (("id",), ("act_id",)),
    "revisit_items": (("id",), ("revisit_id", "follow_up_id")),
}
# What may never change, and what may be set once and never taken back.
KEPT = {
    "firm_links": (("id", "jurisdiction_id", "inspection_id", "token", "made_by", "made_at"),
                   ("revoked_at", "revoked_by")),
    "firm_codes": (("id", "jurisdiction_id", "link_id", "code_hash", "made_by", "made_at",
                    "expires_at"), ("used_at", "revoked_at")),
    "firm_visits": (("id", "jurisdiction_id", "link_id", "code_id", "token_sha256", "opened_at",
                     "expires_at"), ("ended_at",)),
}  # fmt: skip
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


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _at(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=nullable)


def _tables() -> None:
    county = ("jurisdiction_id", "jurisdictions")
    op.create_table(
        "result_notices",
        _id(), _ref(*county), _ref("inspection_id", "inspections"), _ref("sheet_id", "sheets"),
        _whole("version"), _whole("serial"), _text("number", 60),
        sa.Column("facts", sa.JSON(), nullable=False), _text("sha256", 64),
        _ref("made_by", "people"), _at("made_at"),
        sa.UniqueConstraint("sheet_id", "serial", name="uq_result_notices_sheet_id_serial"),
    )  # fmt: skip
    op.create_table(
        "firm_links",
        _id(), _ref(*county), _ref("inspection_id", "inspections"), _text("token", 43),
        _ref("made_by", "people"), _at("made_at"), _ref("revoked_by", "people", True),
        _at("revoked_at", True), _text("reason"),
        sa.UniqueConstraint("token", name="uq_firm_links_token"),
    )  # fmt: skip
    op.create_table(
        "firm_codes",
        _id(), _ref(*county), _ref("link_id", "firm_links"), _text("code_hash", 200),
        _ref("made_by", "people"), _at("made_at"), _at("expires_at"), _whole("tries"),
        _at("used_at", True), _at("revoked_at", True),
    )  # fmt: skip
    op.create_table(
        "firm_visits",
        _id(), _ref(*county), _ref("link_id", "firm_links"), _ref("code_id", "firm_codes"),
        _text("token_sha256", 64), _at("opened_at"), _at("expires_at"), _at("ended_at", True),
        sa.UniqueConstraint("code_id", name="uq_firm_visits_code_id"),
        sa.UniqueConstraint("token_sha256", name="uq_firm_visits_token_sha256"),
    )  # fmt: skip
    op.create_table(
        "firm_acts",
        _id(), _ref(*county), _ref("link_id", "firm_links"), _ref("visit_id", "firm_visits"),
        _ref("sheet_id", "sheets", True), _ref("notice_id", "result_notices", True),
        _ref("follow_up_id", "follow_ups", True), _text("kind", 8), _text("text"),
        _text("signer", 80), _text("document_sha256", 64), _text("document_name", 200), _at("at"),
    )  # fmt: skip
    op.create_table(
        "firm_act_answers",
        _id(), _ref(*county), _ref("act_id", "firm_acts"),
        sa.Column("is_accepted", sa.Boolean(), nullable=False), _text("text"),
        _ref("person_id", "people"), _at("at"),
        sa.UniqueConstraint("act_id", name="uq_firm_act_answers_act_id"),
    )  # fmt: skip
    op.create_table(
        "notice_deliveries",
        _id(), _ref(*county), _ref("notice_id", "result_notices"), _ref("sheet_id", "sheets"),
        _whole("version"), _text("way", 12), sa.Column("delivered_on", sa.Date(), nullable=False),
        _text("servers", 80), _text("receiver", 80), _text("post_no", 60), _text("note"),
        _text("document_sha256", 64), _text("document_name", 200),
        sa.Column("is_void", sa.Boolean(), nullable=False, server_default=sa.false()),
        _text("reason"), _ref("recorded_by", "people", True), _ref("act_id", "firm_acts", True),
        _at("recorded_at"),
    )  # fmt: skip
    op.create_table(
        "revisit_items",
        _id(), _ref(*county), _ref("revisit_id", "revisits"), _ref("follow_up_id", "follow_ups"),
        _text("item_code", 40), _whole("first_result"), _whole("now_result"), _text("note"),
        _ref("person_id", "people"), _at("at"),
        sa.UniqueConstraint(
            "revisit_id", "follow_up_id", name="uq_revisit_items_revisit_id_follow_up_id"
        ),
    )  # fmt: skip
    for table, columns in {
        "revisit_items": ("jurisdiction_id", "revisit_id"),
        "result_notices": ("jurisdiction_id", "inspection_id", "sheet_id"),
        "firm_links": ("jurisdiction_id", "inspection_id"),
        "firm_codes": ("jurisdiction_id", "link_id"),
        "firm_visits": ("jurisdiction_id", "link_id"),
        "firm_acts": ("jurisdiction_id", "link_id", "sheet_id", "follow_up_id"),
        "firm_act_answers": ("jurisdiction_id",),
        "notice_deliveries": ("jurisdiction_id", "notice_id", "sheet_id"),
    }.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _sqlite_trigger(name: str, when: str, table: str, condition: str, message: str) -> None:
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
            _sqlite_trigger(f"{table}_{verb.lower()}", verb, table, "", f"{table}.append_only")
        _sqlite_trigger(
            f"{table}_replace", "INSERT", table, _taken(table, keys), f"{table}.append_only"
        )
    for table, (frozen, once) in KEPT.items():
        changed = [f"OLD.{c} IS NOT NEW.{c}" for c in frozen]
        changed += [f"(OLD.{c} IS NOT NULL AND OLD.{c} IS NOT NEW.{c})" for c in once]
        _sqlite_trigger(f"{table}_delete", "DELETE", table, "", f"{table}.kept")
        _sqlite_trigger(f"{table}_update", "UPDATE", table, " OR ".join(changed), f"{table}.kept")
        _sqlite_trigger(
            f"{table}_replace", "INSERT", table, _taken(table, (("id",),)), f"{table}.kept"
        )
    _sqlite_trigger(
        "firm_codes_tries", "UPDATE", "firm_codes", "NEW.tries < OLD.tries", "firm_codes.kept"
    )


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
        CREATE FUNCTION suicha_telling_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '%.kept', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    for table, (frozen, once) in KEPT.items():
        changed = [f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in frozen]
        changed += [f"(OLD.{c} IS NOT NULL AND OLD.{c} IS DISTINCT FROM NEW.{c})" for c in once]
        if table == "firm_codes":
            changed.append("NEW.tries < OLD.tries")
        op.execute(
            f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION suicha_telling_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suicha_telling_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({' OR '.join(changed)}) EXECUTE FUNCTION suicha_telling_kept()"
        )


def downgrade() -> None:
    raise NotImplementedError
