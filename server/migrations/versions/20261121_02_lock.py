"""The lock: triggers that refuse what nobody may do, whoever writes (DESIGN §5.3, R079).

* an entered sheet changes only from ``entered`` to ``published``, and is never deleted;
* its answers, photos, signatures and check-ins can be neither changed, added nor deleted;
* versions, co-signers, ledger and audit log are append-only;
* a receipt changes only while it is ``held``.
"""

from __future__ import annotations

from alembic import op

revision = "20261121_02"
down_revision = "20261121_01"
branch_labels = None
depends_on = None

APPEND_ONLY = ("sheet_versions", "sheet_cosigners", "ledger", "audit_events")
# every column of an entered sheet except its state and its publication
SHEET_FROZEN = (
    "id", "jurisdiction_id", "inspection_id", "department_id", "code", "lists", "ended_on",
    "submitted_by", "submitted_at", "accepted_by", "accepted_at", "return_reason",
    "entered_by", "entered_at", "entered_op", "entered_version", "results", "result_code",
)  # fmt: skip
RECEIPT_FROZEN = ("op", "device", "seq", "person_id", "space", "kind", "payload", "payload_sha256")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    def trigger(name: str, when: str, table: str, condition: str, message: str) -> None:
        where = f"WHEN {condition} " if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {where}"
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            trigger(f"{table}_{verb.lower()}", verb, table, "", f"{table}.append_only")
    trigger("receipts_delete", "DELETE", "receipts", "", "receipts.append_only")
    frozen = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in RECEIPT_FROZEN)
    trigger(
        "receipts_update", "UPDATE", "receipts",
        f"OLD.status <> 'held' OR {frozen}", "receipts.append_only",
    )  # fmt: skip
    locked = "OLD.state IN ('entered', 'published')"
    changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in SHEET_FROZEN)
    step = "NOT (OLD.state = NEW.state OR (OLD.state = 'entered' AND NEW.state = 'published'))"
    trigger("sheets_delete", "DELETE", "sheets", locked, "sheet.locked")
    trigger(
        "sheets_update", "UPDATE", "sheets",
        f"{locked} AND ({changed} OR {step} OR OLD.published_at IS NOT NULL)", "sheet.locked",
    )  # fmt: skip
    kinds = "type IN ('answer', 'photo', 'signature', 'checkin')"
    for verb, row in (("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"), ("INSERT", "NEW")):
        trigger(
            f"entities_{verb.lower()}_{row.lower()}", verb, "entities",
            f"{row}.{kinds} AND EXISTS (SELECT 1 FROM sheets s WHERE s.id = {row}.sheet_id "
            "AND s.state IN ('entered', 'published'))",
            "sheet.locked",
        )  # fmt: skip


def _postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION suicha_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '%.append_only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
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
        "CREATE TRIGGER receipts_delete BEFORE DELETE ON receipts "
        "FOR EACH ROW EXECUTE FUNCTION suicha_append_only()"
    )
    frozen = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in RECEIPT_FROZEN)
    op.execute(
        "CREATE TRIGGER receipts_update BEFORE UPDATE ON receipts FOR EACH ROW "
        f"WHEN (OLD.status <> 'held' OR {frozen}) EXECUTE FUNCTION suicha_append_only()"
    )
    changed = " OR ".join(
        f"OLD.{c}::text IS DISTINCT FROM NEW.{c}::text" if c in {"lists", "results"}
        else f"OLD.{c} IS DISTINCT FROM NEW.{c}"
        for c in SHEET_FROZEN
    )  # fmt: skip
    op.execute(
        f"""
        CREATE FUNCTION suicha_sheet_lock() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.state NOT IN ('entered', 'published') THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
          END IF;
          IF TG_OP = 'UPDATE' AND OLD.published_at IS NULL
             AND (OLD.state = NEW.state OR (OLD.state = 'entered' AND NEW.state = 'published'))
             AND NOT ({changed}) THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER sheets_lock BEFORE UPDATE OR DELETE ON sheets "
        "FOR EACH ROW EXECUTE FUNCTION suicha_sheet_lock()"
    )
    op.execute(
        """
        CREATE FUNCTION suicha_row_lock() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE is_locked boolean := false;
        BEGIN
          IF TG_OP <> 'INSERT' AND OLD.type IN ('answer', 'photo', 'signature', 'checkin') THEN
            SELECT EXISTS (SELECT 1 FROM sheets s WHERE s.id = OLD.sheet_id
              AND s.state IN ('entered', 'published')) INTO is_locked;
          END IF;
          IF NOT is_locked AND TG_OP <> 'DELETE'
             AND NEW.type IN ('answer', 'photo', 'signature', 'checkin') THEN
            SELECT EXISTS (SELECT 1 FROM sheets s WHERE s.id = NEW.sheet_id
              AND s.state IN ('entered', 'published')) INTO is_locked;
          END IF;
          IF is_locked THEN
            RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER entities_lock BEFORE INSERT OR UPDATE OR DELETE ON entities "
        "FOR EACH ROW EXECUTE FUNCTION suicha_row_lock()"
    )


def downgrade() -> None:
    raise NotImplementedError
