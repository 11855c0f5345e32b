"""The lock: triggers that refuse what nobody may do, whoever writes (DESIGN §5.3, R079).

* an entered sheet changes only from ``entered`` to ``published``, and is never deleted; its
  inspection stays the same visit to the same firm;
* its answers, photos, signatures and check-ins can be neither changed, added nor deleted, and the
  row phones read of it never goes back to an open state;
* evidence belongs to a sheet of its own inspection, so that nothing slips past by naming none;
* versions, co-signers, ledger and audit log are append-only;
* a receipt changes only while it is ``held``.

SQLite's REPLACE deletes without asking DELETE triggers (unless ``recursive_triggers`` is on, which
a foreign console has not): there, an INSERT or UPDATE that would push a locked row out of its key
is refused as well.
"""

from __future__ import annotations

from alembic import op

revision = "20261121_02"
down_revision = "20261121_01"
branch_labels = None
depends_on = None

# append-only tables, with the keys by which SQLite's REPLACE could find a row to push out
APPEND_ONLY = {
    "sheet_versions": (("id",), ("sheet_id", "version")),
    "sheet_cosigners": (("id",), ("sheet_version_id", "person_id")),
    "ledger": (("id",), ("space", "space_seq")),
    "audit_events": (("id",),),
}
# every column of an entered sheet except its state and its publication
SHEET_FROZEN = (
    "id", "jurisdiction_id", "inspection_id", "department_id", "code", "lists", "ended_on",
    "submitted_by", "submitted_at", "accepted_by", "accepted_at", "return_reason",
    "entered_by", "entered_at", "entered_op", "entered_version", "results", "result_code",
)  # fmt: skip
# what says which visit an entered sheet is about
VISIT_FROZEN = ("id", "jurisdiction_id", "number", "draw_id", "task_id", "firm_id")
RECEIPT_FROZEN = ("op", "device", "seq", "person_id", "space", "kind", "payload", "payload_sha256")
EVIDENCE = "('answer', 'photo', 'signature', 'checkin')"
LOCKED = "('entered', 'published')"
# of the row phones read: these stand as long as its version does
ROW_FROZEN = ("entered", "results", "result", "ended_on")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _trigger(name: str, when: str, table: str, condition: str, message: str) -> None:
    where = f"WHEN {condition} " if condition else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {where}"
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _sqlite() -> None:
    for table, keys in APPEND_ONLY.items():
        message = f"{table}.append_only"
        for verb in ("UPDATE", "DELETE"):
            _trigger(f"{table}_{verb.lower()}", verb, table, "", message)
        _trigger(f"{table}_replace", "INSERT", table, _taken(table, keys), message)
    _trigger("receipts_delete", "DELETE", "receipts", "", "receipts.append_only")
    taken = _taken("receipts", (("op",), ("rowid",)))
    _trigger("receipts_replace", "INSERT", "receipts", taken, "receipts.append_only")
    frozen = _any_differs(RECEIPT_FROZEN) + " OR OLD.rowid <> NEW.rowid"
    _trigger(
        "receipts_update", "UPDATE", "receipts",
        f"OLD.status <> 'held' OR {frozen}", "receipts.append_only",
    )  # fmt: skip
    _sqlite_sheets()
    _sqlite_entities()


def _sqlite_sheets() -> None:
    locked = f"OLD.state IN {LOCKED}"
    step = "NOT (OLD.state = NEW.state OR (OLD.state = 'entered' AND NEW.state = 'published'))"
    changed = _any_differs(SHEET_FROZEN)
    _trigger("sheets_delete", "DELETE", "sheets", locked, "sheet.locked")
    _trigger(
        "sheets_update", "UPDATE", "sheets",
        f"{locked} AND ({changed} OR {step} OR OLD.published_at IS NOT NULL)", "sheet.locked",
    )  # fmt: skip
    keys = (("id",), ("inspection_id", "code"))
    taken = _taken("sheets", keys, f"kept.state IN {LOCKED}")
    _trigger("sheets_replace", "INSERT", "sheets", taken, "sheet.locked")
    others = _taken("sheets", keys, f"kept.state IN {LOCKED} AND kept.id <> OLD.id")
    _trigger("sheets_push_out", "UPDATE", "sheets", others, "sheet.locked")

    def has_locked(row: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM sheets s WHERE s.inspection_id = {row}.id "
            f"AND s.state IN {LOCKED})"
        )

    _trigger("inspections_delete", "DELETE", "inspections", has_locked("OLD"), "sheet.locked")
    _trigger(
        "inspections_update", "UPDATE", "inspections",
        f"({_any_differs(VISIT_FROZEN)}) AND {has_locked('OLD')}", "sheet.locked",
    )  # fmt: skip
    keys = (("id",), ("draw_id", "firm_id"), ("jurisdiction_id", "number"))
    taken = _taken("inspections", keys, has_locked("kept"))
    _trigger("inspections_replace", "INSERT", "inspections", taken, "sheet.locked")
    others = _taken("inspections", keys, f"kept.id <> OLD.id AND {has_locked('kept')}")
    _trigger("inspections_push_out", "UPDATE", "inspections", others, "sheet.locked")


def _sqlite_entities() -> None:
    def is_held(row: str) -> str:
        return (
            f"({row}.type IN {EVIDENCE} AND EXISTS (SELECT 1 FROM sheets s "
            f"WHERE s.id = {row}.sheet_id AND s.state IN {LOCKED}) "
            f"OR {row}.type = 'sheet' AND json_extract({row}.fields, '$.state') IN {LOCKED})"
        )

    def is_evidence_of_locked(row: str) -> str:
        return (
            f"{row}.type IN {EVIDENCE} AND EXISTS (SELECT 1 FROM sheets s "
            f"WHERE s.id = {row}.sheet_id AND s.state IN {LOCKED})"
        )

    keys = (("space", "id"), ("rowid",))
    _trigger("entities_delete", "DELETE", "entities", is_held("OLD"), "sheet.locked")
    for verb, row in (("UPDATE", "OLD"), ("UPDATE", "NEW"), ("INSERT", "NEW")):
        _trigger(
            f"entities_{verb.lower()}_{row.lower()}", verb, "entities",
            is_evidence_of_locked(row), "sheet.locked",
        )  # fmt: skip
    kept_fields = " AND ".join(
        f"json_extract(OLD.fields, '$.{name}') IS json_extract(NEW.fields, '$.{name}')"
        for name in ROW_FROZEN
    )
    later = (
        "json_extract(NEW.fields, '$.entered.version') > "
        "json_extract(OLD.fields, '$.entered.version')"
    )
    _trigger(
        "entities_sheet_row", "UPDATE", "entities",
        f"OLD.type = 'sheet' AND json_extract(OLD.fields, '$.state') IN {LOCKED} AND NOT ("
        "NEW.type = 'sheet' AND NEW.space = OLD.space AND NEW.id = OLD.id AND NOT NEW.is_gone "
        f"AND COALESCE(json_extract(NEW.fields, '$.state'), '') IN {LOCKED} "
        f"AND ({kept_fields} OR COALESCE({later}, 0)))",
        "sheet.locked",
    )  # fmt: skip
    taken = _taken("entities", keys, is_held("kept"))
    _trigger("entities_replace", "INSERT", "entities", taken, "sheet.locked")
    others = _taken("entities", keys, f"kept.rowid <> OLD.rowid AND {is_held('kept')}")
    _trigger("entities_push_out", "UPDATE", "entities", others, "sheet.locked")
    own_sheet = (
        "EXISTS (SELECT 1 FROM sheets s WHERE s.id = NEW.sheet_id "
        "AND NEW.space = 'insp:' || s.inspection_id AND (NEW.type <> 'answer' "
        "OR instr(NEW.id, 'answer:' || s.code || '/') = 1))"
    )
    for verb in ("INSERT", "UPDATE"):
        _trigger(
            f"entities_{verb.lower()}_stray", verb, "entities",
            f"NEW.type IN {EVIDENCE} AND NOT {own_sheet}", "entities.no_sheet",
        )  # fmt: skip


def _any_differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in columns)


def _taken(table: str, keys: tuple[tuple[str, ...], ...], condition: str = "1") -> str:
    """Whether a row that must stay has one of NEW's keys."""
    same = " OR ".join(
        "(" + " AND ".join(f"kept.{c} = NEW.{c}" for c in columns) + ")" for columns in keys
    )
    return f"EXISTS (SELECT 1 FROM {table} kept WHERE ({same}) AND {condition})"


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
    _postgresql_sheets()
    _postgresql_entities()


def _postgresql_sheets() -> None:
    changed = " OR ".join(
        f"OLD.{c}::text IS DISTINCT FROM NEW.{c}::text" if c in {"lists", "results"}
        else f"OLD.{c} IS DISTINCT FROM NEW.{c}"
        for c in SHEET_FROZEN
    )  # fmt: skip
    op.execute(
        f"""
        CREATE FUNCTION suicha_sheet_lock() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.state NOT IN {LOCKED} THEN
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
    moved = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in VISIT_FROZEN)
    op.execute(
        f"""
        CREATE FUNCTION suicha_visit_lock() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND NOT ({moved}) THEN RETURN NEW; END IF;
          IF EXISTS (SELECT 1 FROM sheets s WHERE s.inspection_id = OLD.id
                     AND s.state IN {LOCKED}) THEN
            RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER inspections_lock BEFORE UPDATE OR DELETE ON inspections "
        "FOR EACH ROW EXECUTE FUNCTION suicha_visit_lock()"
    )


def _postgresql_entities() -> None:
    kept_fields = " AND ".join(
        f"(OLD.fields->'{name}')::text IS NOT DISTINCT FROM (NEW.fields->'{name}')::text"
        for name in ROW_FROZEN
    )
    op.execute(
        f"""
        CREATE FUNCTION suicha_row_lock() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE is_locked boolean := false;
        BEGIN
          IF TG_OP <> 'INSERT' AND OLD.type IN {EVIDENCE} THEN
            SELECT EXISTS (SELECT 1 FROM sheets s WHERE s.id = OLD.sheet_id
              AND s.state IN {LOCKED}) INTO is_locked;
          ELSIF TG_OP <> 'INSERT' AND OLD.type = 'sheet' AND OLD.fields->>'state' IN {LOCKED} THEN
            is_locked := true;
            IF TG_OP = 'UPDATE' THEN
              is_locked := NOT (
                NEW.type = 'sheet' AND NEW.space = OLD.space AND NEW.id = OLD.id
                AND NOT NEW.is_gone AND COALESCE(NEW.fields->>'state', '') IN {LOCKED}
                AND (({kept_fields}) OR COALESCE(
                  (NEW.fields->'entered'->>'version')::int
                  > (OLD.fields->'entered'->>'version')::int, false)));
            END IF;
          END IF;
          IF NOT is_locked AND TG_OP <> 'DELETE' AND NEW.type IN {EVIDENCE} THEN
            SELECT EXISTS (SELECT 1 FROM sheets s WHERE s.id = NEW.sheet_id
              AND s.state IN {LOCKED}) INTO is_locked;
            IF NOT is_locked AND NOT EXISTS (SELECT 1 FROM sheets s WHERE s.id = NEW.sheet_id
              AND NEW.space = 'insp:' || s.inspection_id AND (NEW.type <> 'answer'
              OR strpos(NEW.id, 'answer:' || s.code || '/') = 1)) THEN
              RAISE EXCEPTION 'entities.no_sheet' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
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
