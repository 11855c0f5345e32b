"""Use cases: making a verified backup, checking one again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from server.audit.restored_leaves import copy_kept
from server.backups import folder
from server.backups.checking import check_backup, check_copy, newest_schema
from server.backups.copying import copy_database, read_file
from server.backups.manifest import (
    DATABASE,
    NAME,
    PHOTOS,
    SECRETS,
    TRAIL,
    Manifest,
    product_version,
)
from server.backups.marks import (
    begin_backup,
    confirm_backup,
    give_up_backup,
    list_ids,
    list_marks,
)
from server.backups.photos import Tell, gather_photos, list_photos
from server.db import Base, db
from server.fieldsync.files.storage import hash_file
from server.fieldsync.service import current_epoch
from server.runtime import now, runtime

__all__ = ["BackupReport", "check_backup", "make_backup"]


@dataclass(slots=True)
class BackupReport:
    """``problems``: what verification found; with one of them nothing was kept and no mark moved.
    ``removed``: names of older backups that gave way."""

    path: Path
    manifest: Manifest | None = None
    problems: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def make_backup(root: Path, keep: int | None, tell: Tell) -> BackupReport:
    """A verified backup in ``root/<UTC time>/``; only then the phones' marks move. Whatever goes
    wrong on the way leaves neither a mark nor half a backup: a process that is killed leaves a
    folder under a temporary name, which the next run clears away. Raises ``backup.busy``."""
    with folder.writing(root):
        before = folder.list_backups(root)
        partial = folder.make_partial(root, now(), list_ids())
        backup_id = partial.stem
        is_kept = False
        try:
            begin_backup(backup_id)
            earlier = before[-1] / PHOTOS if before else None
            report = _write(partial, earlier, tell)
            if report.manifest is not None:
                report.path = folder.finish(partial)
                is_kept = True
        finally:
            if not is_kept:
                shutil.rmtree(partial, ignore_errors=True)
                db.session.rollback()
                give_up_backup(backup_id)
        if report.manifest is not None:
            confirm_backup(backup_id, report.manifest.marks)
            if keep is not None:
                report.removed = folder.prune(root, keep)
        return report


def _write(partial: Path, earlier: Path | None, tell: Tell) -> BackupReport:
    made_at, config = now(), runtime().config
    epoch = current_epoch()
    db.session.rollback()
    trail = copy_kept(config.home)  # before the database: no file then goes on behind it
    tell("database", 0, 1)
    copy_database(db.engine, partial / DATABASE)
    tell("database", 1, 1)
    with read_file(partial / DATABASE) as copy:
        tell("ledger", 0, 1)
        problems = check_copy(copy, newest_schema())
        tell("ledger", 1, 1)
        if problems:
            return BackupReport(partial, problems=problems)
        wanted = list_photos(copy)
        tally = gather_photos(wanted, config.blob_dir, partial / PHOTOS, earlier, tell)
        held = set(wanted) - set(tally.missing)
        marks = list_marks(copy, held, made_at)
        rows = {
            table.name: copy.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }
    _copy_secrets(config.home / SECRETS, partial / SECRETS)
    (partial / TRAIL).mkdir(mode=0o700)
    for name, data in trail.items():
        folder.write_file(partial / TRAIL / name, data)
    kept = [path for one in (SECRETS, TRAIL) for path in sorted((partial / one).iterdir())]
    files = {
        str(path.relative_to(partial)): {"sha256": hash_file(path), "bytes": path.stat().st_size}
        for path in [partial / DATABASE, *kept]
    }
    manifest = Manifest(
        id=partial.stem,
        made_at=made_at,
        product=product_version(),
        database=db.engine.dialect.name,
        schema=newest_schema(),
        epoch=epoch,
        marks=marks,
        rows=rows,
        files=files,
        photos=tally.count,
        photo_bytes=tally.size,
        photos_missing=tuple(tally.missing),
    )
    folder.write_file(partial / NAME, manifest.dump().encode())
    return BackupReport(partial, manifest)


def _copy_secrets(source: Path, target: Path) -> None:
    """Every key file of the installation, whatever made it."""
    target.mkdir(mode=0o700)
    if source.is_dir():
        for path in sorted(source.iterdir()):
            if path.is_file():
                folder.write_file(target / path.name, path.read_bytes())
