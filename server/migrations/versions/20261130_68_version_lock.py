"""What a console could still do to an entered sheet: a version nobody approved, the row phones read
moved on by hand, a whole table emptied (R079).

* a version is numbered on from the last; the first is of a sheet that is not locked yet, a later
  one is of an order that waits for its decision;
* the row of a version is that of a version on record;
* the row phones read of a locked sheet keeps its results; only the number of its version moves, to
  the newest on record;
* on PostgreSQL no locked table is emptied at once (SQLite has no TRUNCATE).
"""

from __future__ import annotations

from alembic import op

revision = "20261130_68"
down_revision = "20261130_35"
branch_labels = None
depends_on = None

LOCKED = "('entered', 'published')"
ROW_FROZEN = ("results", "result", "ended_on")
EMPTIED = ("sheets", "inspections", "entities", "receipts", "proposals", "blobs")
RIGHT_VERSION = f"""(
  NEW.version = 1
  AND NOT EXISTS (SELECT 1 FROM sheet_versions v WHERE v.sheet_id = NEW.sheet_id)
  AND EXISTS (SELECT 1 FROM sheets s WHERE s.id = NEW.sheet_id AND s.state NOT IN {LOCKED})
  OR NEW.version = (SELECT MAX(v.version) + 1 FROM sheet_versions v WHERE v.sheet_id = NEW.sheet_id)
  AND EXISTS (SELECT 1 FROM proposals p JOIN sheets s ON s.inspection_id = p.inspection_id
    WHERE s.id = NEW.sheet_id AND p.op = NEW.op AND p.state = 'submitted'))"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _trigger(name: str, when: str, table: str, condition: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW WHEN {condition} "
        "BEGIN SELECT RAISE(ABORT, 'sheet.locked'); END"
    )


def _sqlite() -> None:
    _trigger("sheet_versions_by_hand", "INSERT", "sheet_versions", f"NOT {RIGHT_VERSION}")
    on_record = (
        "EXISTS (SELECT 1 FROM sheet_versions v JOIN sheets s ON s.id = v.sheet_id "
        "WHERE v.sheet_id = NEW.sheet_id AND NEW.space = 'insp:' || s.inspection_id "
        "AND NEW.id = 'version:' || s.code || '/' || v.version "
        "AND v.op = json_extract(NEW.fields, '$.op'))"
    )
    _trigger(
        "entities_version_by_hand",
        "INSERT",
        "entities",
        f"NEW.type = 'version' AND NOT {on_record}",
    )
    kept = " AND ".join(
        f"json_extract(OLD.fields, '$.{name}') IS json_extract(NEW.fields, '$.{name}')"
        for name in ROW_FROZEN
    )
    rest = (
        "json_remove(json_extract(OLD.fields, '$.entered'), '$.version') IS "
        "json_remove(json_extract(NEW.fields, '$.entered'), '$.version')"
    )
    was, now = (f"json_extract({row}.fields, '$.entered.version')" for row in ("OLD", "NEW"))
    newest = (
        "(SELECT MAX(v.version) FROM sheet_versions v JOIN sheets s ON s.id = v.sheet_id "
        "WHERE OLD.space = 'insp:' || s.inspection_id AND OLD.id = 'sheet:' || s.code)"
    )
    _trigger(
        "entities_sheet_row_by_hand", "UPDATE", "entities",
        f"OLD.type = 'sheet' AND json_extract(OLD.fields, '$.state') IN {LOCKED} "
        f"AND NOT ({kept} AND {rest} AND ({was} IS {now} OR {now} IS {newest}))",
    )  # fmt: skip


def _postgresql() -> None:
    op.execute(
        f"""
        CREATE FUNCTION suicha_version_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT {RIGHT_VERSION} THEN
            RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER sheet_versions_by_hand BEFORE INSERT ON sheet_versions "
        "FOR EACH ROW EXECUTE FUNCTION suicha_version_by_hand()"
    )
    op.execute(
        """
        CREATE FUNCTION suicha_version_row_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT EXISTS (SELECT 1 FROM sheet_versions v JOIN sheets s ON s.id = v.sheet_id
            WHERE v.sheet_id = NEW.sheet_id AND NEW.space = 'insp:' || s.inspection_id
            AND NEW.id = 'version:' || s.code || '/' || v.version
            AND v.op = NEW.fields->>'op') THEN
            RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER entities_version_by_hand BEFORE INSERT ON entities FOR EACH ROW "
        "WHEN (NEW.type = 'version') EXECUTE FUNCTION suicha_version_row_by_hand()"
    )
    kept = " AND ".join(
        f"(OLD.fields->'{name}')::text IS NOT DISTINCT FROM (NEW.fields->'{name}')::text"
        for name in ROW_FROZEN
    )
    op.execute(
        f"""
        CREATE FUNCTION suicha_sheet_row_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE newest integer;
        BEGIN
          SELECT MAX(v.version) INTO newest FROM sheet_versions v JOIN sheets s ON s.id = v.sheet_id
            WHERE OLD.space = 'insp:' || s.inspection_id AND OLD.id = 'sheet:' || s.code;
          IF NOT ({kept}
            AND ((OLD.fields->'entered')::jsonb - 'version')
              IS NOT DISTINCT FROM ((NEW.fields->'entered')::jsonb - 'version')
            AND ((OLD.fields->'entered'->>'version') IS NOT DISTINCT FROM
                (NEW.fields->'entered'->>'version')
              OR (NEW.fields->'entered'->>'version')::int IS NOT DISTINCT FROM newest)) THEN
            RAISE EXCEPTION 'sheet.locked' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER entities_sheet_row_by_hand BEFORE UPDATE ON entities FOR EACH ROW "
        f"WHEN (OLD.type = 'sheet' AND OLD.fields->>'state' IN {LOCKED}) "
        "EXECUTE FUNCTION suicha_sheet_row_by_hand()"
    )
    for table in EMPTIED:
        op.execute(
            f"CREATE TRIGGER {table}_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suicha_append_only()"
        )


def downgrade() -> None:
    raise NotImplementedError
