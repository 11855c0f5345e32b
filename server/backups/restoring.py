"""Use case: an installation as it was when a backup was made (docs/protocol part 5, I16).

Everything is checked and built before the present data are touched; the exchange at the end is one
step. Phones find a new epoch and offer again what they still hold; receipts make that free.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update

from domain.errors import fault
from server.accounts.models import Device, Jurisdiction, SignInSession
from server.audit.restored_leaves import SetBack, find_set_back, settle_kept
from server.audit.service import write_event
from server.backups.checking import check_backup
from server.backups.copying import read_file
from server.backups.folder import BACKUP, choose_stamp, list_backups, write_file
from server.backups.manifest import DATABASE, PHOTOS, SECRETS, TRAIL, Manifest
from server.backups.marks import list_marks
from server.backups.models import Backup
from server.backups.photos import PhotoTally, Tell, bring_back, list_photos
from server.backups.staging import Stage, open_stage
from server.config import Config
from server.db import db, scope_to, unit_of_work
from server.fieldsync.files.photo_losses import adopt_bytes, forget_bytes, forget_uploads
from server.fieldsync.service import check_live_ledger, start_epoch
from server.runtime import now, system_clock


@dataclass(slots=True)
class RestoreReport:
    """``problems``: why nothing was changed. ``missing``: photos neither here nor in the backup,
    now wanted again; ``locked``: ``space sha256`` of those whose sheet is entered, which no phone
    is asked for. ``newer``: a later backup in the same folder. ``aside``: where the old data went.
    ``set_back``: of which county the trail here had gone on behind, or otherwise than, the backup.
    """

    manifest: Manifest
    problems: list[str] = field(default_factory=list)
    epoch: str = ""
    photos: PhotoTally = field(default_factory=PhotoTally)
    missing: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    adopted: int = 0
    aside: list[str] = field(default_factory=list)
    set_back: list[SetBack] = field(default_factory=list)
    newer: str | None = None
    has_secrets: bool = False


def restore_backup(
    config: Config,
    backup: Path,
    *,
    is_replacing: bool,
    keeps_secrets: bool,
    tell: Tell,
    clock: Callable[[], datetime] = system_clock,
) -> RestoreReport:
    """The caller holds the installation alone. Raises ``backup.*`` or ``restore.*`` with nothing
    changed; a damaged backup is reported with ``problems``, with nothing changed either."""
    manifest, problems = check_backup(backup, tell)
    report = RestoreReport(manifest, problems=problems, newer=_find_newer(backup))
    if problems:
        return report
    stage = open_stage(config)
    if stage.has_data() and not is_replacing:
        raise fault("restore.not_empty")
    # a killed one may have moved things aside in this very second: nothing is written over them
    stamp = choose_stamp(
        clock(), lambda one: stage.is_taken(one) or (config.home / f"before-{one}").exists()
    )
    aside = config.home / f"before-{stamp}"
    try:
        tell("database", 0, 1)
        stage.build(backup / DATABASE)
        with read_file(backup / DATABASE) as copy:
            wanted = list_photos(copy)
            report.photos = bring_back(
                wanted, backup / PHOTOS, config.blob_dir, aside / "damaged_photos", tell
            )
            held = set(wanted) - set(report.photos.missing)
            marks = list_marks(copy, held, manifest.made_at)
        _settle(config, stage, report, marks, clock)
        if report.problems:
            return report
        if not keeps_secrets:
            report.has_secrets = _restore_secrets(backup / SECRETS, config.home, aside)
        settle_kept(config.home, report.set_back, _offered(backup / TRAIL))
        old = stage.swap(stamp)
    finally:
        stage.discard()
    report.aside = [one for one in (old, str(aside) if aside.is_dir() else None) if one]
    return report


def _settle(
    config: Config,
    stage: Stage,
    report: RestoreReport,
    marks: dict[str, int],
    clock: Callable[[], datetime],
) -> None:
    """Makes the restored database one that phones may talk to, before anybody can."""
    from server.app import create_app  # the wiring imports every subject, this one too

    app = create_app(replace(config, database_url=stage.url), clock=clock)
    with app.app_context():
        try:
            scope_to(None)
            report.epoch = _begin_again(report.manifest, marks)
            report.missing = report.photos.missing
            for sha256 in report.missing:
                report.locked += [f"{space} {sha256}" for space in forget_bytes(sha256)]
            forget_uploads(report.missing)
            report.adopted = adopt_bytes(config.blob_dir)
            counties = {one.code: one.id for one in db.session.scalars(select(Jurisdiction))}
            report.set_back = find_set_back(config.home, db.session.connection(), counties)
            db.session.rollback()
            _write_events(report)
            tell_problems = check_live_ledger().problems
            report.problems = [f"restored copy: {one}" for one in tell_problems]
        finally:
            db.session.remove()
            db.engine.dispose()


def _begin_again(manifest: Manifest, marks: dict[str, int]) -> str:
    """A new epoch, marks as this backup covers them, and nobody signed in; what a revoked phone
    needs to deliver its work stays."""
    with unit_of_work() as work:
        epoch = start_epoch()
        for session in list(work.scalars(select(SignInSession))):
            work.delete(session)
        for device in list(work.scalars(select(Device))):
            device.durable_seq = marks.get(device.id, 0)
        row = work.get(Backup, manifest.id)
        if row is None:
            row = Backup(id=manifest.id, begun_at=manifest.made_at)
            work.add(row)
        work.flush()
        done = {"verified_at": manifest.made_at, "restored_at": now()}
        work.execute(update(Backup).where(Backup.id == manifest.id).values(done))
        return epoch


def _write_events(report: RestoreReport) -> None:
    told = {"photos_missing": len(report.missing), "adopted": report.adopted}
    with unit_of_work() as work:
        for county in list(work.scalars(select(Jurisdiction).order_by(Jurisdiction.id))):
            end: dict[str, object] = {}
            if ends := [one for one in report.set_back if one.county == county.code]:
                back = max(ends, key=lambda one: one.kept)
                # by the last hash `suicha audit verify` knows each file again
                end = {"trail_kept": back.kept, "trail_restored": back.restored,
                       "trail_last": [one.last for one in ends]}  # fmt: skip
            write_event(county.id, None, "backup.restored", report.manifest.id, **told, **end)
            for place in report.locked:
                write_event(county.id, None, "photo.lost_below_lock", place)


def _offered(trail: Path) -> dict[str, bytes]:
    """The backup's files of hashes; one made before they were backed up has none."""
    return {one.name: one.read_bytes() for one in trail.iterdir()} if trail.is_dir() else {}


def _restore_secrets(source: Path, home: Path, aside: Path) -> bool:
    """The backup's key files; those here that differ are moved aside first."""
    target = home / SECRETS
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(source.iterdir()) if source.is_dir() else ():
        present = target / path.name
        content = path.read_bytes()
        if present.is_file() and present.read_bytes() == content:
            continue
        if present.is_file():
            (aside / SECRETS).mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(present, aside / SECRETS / path.name)
        write_file(present, content)
    return source.is_dir()


def _find_newer(backup: Path) -> str | None:
    """Phones have let go of what the NEWEST verified backup holds: an older one loses that."""
    if not BACKUP.fullmatch(backup.name):
        return None
    newest = list_backups(backup.parent)[-1]
    return newest.name if newest != backup else None
