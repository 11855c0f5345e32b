"""Whether a backup is what its manifest says, and whether what it says adds up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from domain.errors import fault
from server.backups.copying import read_file
from server.backups.manifest import DATABASE, PHOTOS, SECRETS, TRAIL, Manifest, read_manifest
from server.backups.photos import Tell, find_damaged, list_photos
from server.fieldsync.files.storage import hash_file
from server.fieldsync.service import check_ledger
from server.schema import MIGRATIONS

# without these a restored database would let an entered sheet be changed
LOCK_TRIGGERS = frozenset(
    f"{table}_{verb}"
    for table in ("ledger", "receipts", "audit_events", "sheet_versions", "sheets")
    for verb in ("update", "delete", "replace")
) | {"entities_delete", "entities_update_old", "entities_insert_new", "entities_sheet_row"}


def check_backup(backup: Path, tell: Tell) -> tuple[Manifest, list[str]]:
    """The manifest and every problem found, as lines; no line: the backup can be restored. Raises
    ``backup.unreadable``, or ``backup.newer`` for one that a newer version of the product made."""
    manifest = read_manifest(backup)
    refuse_newer(manifest.schema)
    problems = list(_file_problems(backup, manifest))
    if problems:
        return manifest, problems  # a database that is not the one on the list is not opened
    with read_file(backup / DATABASE) as copy:
        problems += check_copy(copy, manifest.schema)
        wanted = set(list_photos(copy)) - set(manifest.photos_missing)
    damaged = find_damaged(backup / PHOTOS, sorted(wanted), tell)
    problems += [f"{PHOTOS}/{one[:2]}/{one}: gone or damaged" for one in damaged]
    return manifest, problems


def check_copy(copy: Connection, schema: str) -> list[str]:
    """The database file alone: structure, references, lock, ledger. The ledger of an older schema
    cannot be read yet; restoring upgrades it first and checks it then."""
    rows = copy.exec_driver_sql("PRAGMA integrity_check").all()
    problems = [f"{DATABASE}: {row[0]}" for row in rows if row[0] != "ok"]
    for row in copy.exec_driver_sql("PRAGMA foreign_key_check").all():
        problems.append(f"{DATABASE}: {row[0]} refers to a row of {row[2]} that is not there")
    if MigrationContext.configure(copy).get_current_revision() != schema:
        problems.append(f"{DATABASE}: its schema is not {schema}")
    found = copy.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    missing = LOCK_TRIGGERS - set(found.scalars())
    problems += [f"{DATABASE}: the lock is open, trigger {name} is missing" for name in missing]
    if not problems and schema == newest_schema():
        problems += check_ledger(copy).problems
    return problems


def newest_schema() -> str:
    """The revision this version of the product works with."""
    return _revisions()[0]


@cache
def _revisions() -> tuple[str, ...]:
    """The newest first. Looking is reading every migration, and a backup asks several times."""
    return tuple(one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def refuse_newer(schema: str) -> None:
    """Raises ``backup.newer`` for a revision this version of the product does not know."""
    if schema not in _revisions():
        raise fault("backup.newer", schema=schema)


def _file_problems(backup: Path, manifest: Manifest) -> Iterator[str]:
    if DATABASE not in manifest.files:
        yield f"{DATABASE}: not on the list of files"
    for name, wanted in sorted(manifest.files.items()):
        path = backup / name
        if not path.is_file():
            yield f"{name}: gone"
        elif not _lies_within(path, backup):
            yield f"{name}: lies outside the backup"
        elif hash_file(path) != wanted["sha256"]:
            yield f"{name}: damaged, its SHA-256 is not the one on the list"
    for part in (SECRETS, TRAIL):  # a restore takes all of them
        for path in sorted((backup / part).glob("*")):
            if f"{part}/{path.name}" not in manifest.files:
                yield f"{part}/{path.name}: not on the list of files"


def _lies_within(path: Path, backup: Path) -> bool:
    """Neither by its name nor by a link somewhere else."""
    return not path.is_symlink() and path.resolve().is_relative_to(backup.resolve())
