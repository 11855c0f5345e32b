"""Use case: a report of the public becomes a clue (R127).

The form carries a random word of its own. From it and from all that was sent come the clue's key,
so that pressing twice makes one clue, and under the installation's key the query code, so that both
answers show the same code although only its hash is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from sqlalchemy import func, select

from domain.clues import (
    MAX_FILES,
    ClueKind,
    ClueState,
    StepKind,
    build_code,
    build_number,
)
from domain.county_settings import read_setting
from domain.deadlines import due_date
from domain.errors import Fault, fault
from server.accounts.service import get_jurisdiction, lock_jurisdiction
from server.audit.service import write_event
from server.clues.attempts import Kind, count_attempt, refuse_too_many
from server.clues.models import Clue, CluePaper, ClueStep
from server.db import db, unit_of_work
from server.deadlines.calendar import load_calendar
from server.fieldsync import service as fieldsync
from server.runtime import now, runtime, today

MAX_EVIDENCE_BYTES = 30 * 2**20
PDF = "application/pdf"
_ONCE = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Report:
    """As sent. ``once`` is the form's own word; ``inspection_id`` the visit from whose page it was
    reported; ``files`` are open, small ones first or not."""

    kind: ClueKind
    what: str
    happened: str = ""
    place: str = ""
    firm_text: str = ""
    contact: str = ""
    inspection_id: int | None = None
    once: str = ""
    files: Sequence[IO[bytes]] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """What the reporter is told, once."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class _Kept:
    document: fieldsync.Document
    place: tuple[int, int] | None
    taken: str


def make_once() -> str:
    """A form's own word."""
    return secrets.token_urlsafe(16)


def receive(county_id: int, report: Report, address: str) -> Received:
    """Stores the report, or finds the clue that the same form made before. Raises
    ``clue.too_many``, ``clue.too_many_files``, ``clue.files_too_large`` and what
    ``fieldsync.keep_document`` raises; nothing is stored then."""
    if len(report.files) > MAX_FILES:
        raise fault("clue.too_many_files", most=MAX_FILES)
    key = _key_of(report)
    code = build_code(_keyed(f"suicha clue code {key}"))
    if (known := _find(county_id, key)) is not None:
        return Received(known, code)
    refuse_too_many(county_id, Kind.REPORT, address)
    kept = _keep_all(county_id, report.files, address)
    with unit_of_work():
        lock_jurisdiction(county_id)  # numbers follow each other, and twice the same waits here
        if (known := _find(county_id, key)) is None:
            count_attempt(county_id, Kind.REPORT, address)
            known = _store(county_id, report, key, code, kept)
    return Received(known, code)


def hash_code(code: str) -> str:
    """79 random bits need no slow hash."""
    return hashlib.sha256(code.encode()).hexdigest()


def _store(county_id: int, report: Report, key: str, code: str, kept: list[_Kept]) -> str:
    term = int(read_setting(get_jurisdiction(county_id).settings, "clue.accept_within_days"))
    owner = {"jurisdiction_id": county_id}
    clue = Clue(
        **owner,
        number=_next_number(county_id),
        key=key,
        code_sha256=hash_code(code),
        received_at=now(),
        kind=report.kind.value,
        what=report.what,
        happened=report.happened,
        place=report.place,
        firm_text=report.firm_text,
        contact=report.contact,
        inspection_id=report.inspection_id,
        state=ClueState.RECEIVED.value,
        accept_by=due_date(today(), term, load_calendar()).due,
    )
    db.session.add(clue)
    db.session.flush()
    for one in kept:
        fieldsync.record_public_document(county_id, one.document)
        lat, lng = one.place or (None, None)
        db.session.add(
            CluePaper(
                **owner,
                clue_id=clue.id,
                sha256=one.document.sha256,
                mime=one.document.picture.mime,
                lat_e7=lat,
                lng_e7=lng,
                taken=one.taken[:40],
            )
        )
    db.session.add(
        ClueStep(**owner, clue_id=clue.id, action=StepKind.REPORT.value, at=now(), details={})
    )
    # Neither words nor contact: the trail is read by more people than the clue.
    told = {"number": clue.number, "kind": clue.kind, "files": len(kept)}
    write_event(county_id, None, "clue.report", f"clue:{clue.id}", **told)
    return clue.number


def _next_number(county_id: int) -> str:
    start = build_number(today().year, 0).rpartition("-")[0]
    query = select(func.count(Clue.id)).where(
        Clue.jurisdiction_id == county_id, Clue.number.startswith(f"{start}-", autoescape=True)
    )
    return build_number(today().year, (db.session.scalar(query) or 0) + 1)


def _find(county_id: int, key: str) -> str | None:
    query = select(Clue.number).where(Clue.jurisdiction_id == county_id, Clue.key == key)
    return db.session.scalar(query)


def _key_of(report: Report) -> str:
    """Raises ``clue.files_too_large``."""
    digests, total = [], 0
    for file in report.files:
        file.seek(0)
        digests.append(hashlib.file_digest(file, "sha256").hexdigest())  # type: ignore[arg-type]
        total += file.tell()
    if total > MAX_EVIDENCE_BYTES:
        raise fault("clue.files_too_large", megabytes=MAX_EVIDENCE_BYTES // 2**20)
    # A form without its word cannot be told from another one: it counts for itself.
    once = report.once if _ONCE.fullmatch(report.once) else make_once()
    said = [
        once, report.kind.value, report.what, report.happened, report.place, report.firm_text,
        report.contact, report.inspection_id, digests,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _keep_all(county_id: int, files: Sequence[IO[bytes]], address: str) -> list[_Kept]:
    """Each once, however often it was chosen. What is refused is counted: the files before a bad
    one are on the disk by then."""
    try:
        return list({one.document.sha256: one for one in map(_keep, files)}.values())
    except Fault:
        with unit_of_work():
            count_attempt(county_id, Kind.REFUSED, address)
        raise


def _keep(file: IO[bytes]) -> _Kept:
    document = fieldsync.keep_document(file)
    if document.picture.mime == PDF:
        return _Kept(document, None, "")
    file.seek(0)
    place, taken = fieldsync.read_camera(file, runtime().config.max_photo_pixels)
    return _Kept(document, place, taken)


def _keyed(text: str) -> bytes:
    return hmac.digest(runtime().config.secret_key.encode(), text.encode(), hashlib.sha256)
