"""Receipts: what was offered, kept before it is judged, with the answer it got (I1, I15, I21)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from domain.errors import Refused, message
from server.db import db
from server.fieldsync.models import Receipt
from server.i18n import current_locale
from sync.canonical import dump_as_sent
from sync.order import Known
from sync.outcomes import (
    Applied,
    Conflict,
    Forbidden,
    Held,
    Invalid,
    Merged,
    Outcome,
    RejectedLocked,
    status_of,
)

UPLOAD_URL = "/api/v1/files"
FORK, ASIDE = "~", "!"  # in a side identity: a number used twice, a file nobody vouches for


def list_known(ops: Iterable[str]) -> tuple[dict[str, Known], dict[str, dict[str, Any]]]:
    """The receipts' essentials and verdicts in ANY county: an operation id is unique for ever, so
    this one query reads columns and is not scoped."""
    table = Receipt.__table__.c
    columns = select(
        table.op,
        table.payload_sha256,
        table.person_id,
        table.status,
        table.outcome,
        table.device,
        table.side_device,
    ).where(table.op.in_(list(ops)))
    rows = db.session.connection().execute(columns).all()
    known = {row.op: known_of(row) for row in rows}
    return known, {row.op: row.outcome for row in rows}


def list_begun_spaces(spaces: Iterable[str]) -> set[str]:
    """Those in which anything was recorded, also what is held or was refused; what the office wrote
    to tell the phones (kinds ``office.…``) is nothing recorded."""
    query = select(Receipt.space).where(
        Receipt.space.in_(list(spaces)), Receipt.kind.not_like("office.%")
    )
    return set(db.session.scalars(query.distinct()))


def known_of(receipt: Receipt | Row[*tuple[Any, ...]]) -> Known:
    """The essentials of a receipt."""
    is_fork = receipt.side_device is not None and FORK in receipt.side_device
    return Known(
        receipt.payload_sha256,
        receipt.person_id,
        receipt.status == "held",
        receipt.device if is_fork else None,
    )


def get_receipt(op: str) -> Receipt:
    """The receipt, locked for the verdict it may still get."""
    return db.session.scalars(
        select(Receipt).where(Receipt.op == op).execution_options(populate_existing=True)
    ).one()


def add_receipt(
    *,
    op: str,
    jurisdiction_id: int,
    device: str,
    side_device: str | None,
    seq: int,
    person_id: int,
    space: str,
    kind: str,
    payload: str,
    payload_sha256: str,
    at: datetime,
    prev: str | None = None,
    mono_ms: float | None = None,
) -> Receipt:
    """Stores what was offered, undecided. Its verdict is written once, in the same commit or,
    for one that is held, later."""
    receipt = Receipt(
        op=op,
        jurisdiction_id=jurisdiction_id,
        device=device,
        side_device=side_device,
        seq=seq,
        person_id=person_id,
        space=space,
        kind=kind,
        payload=payload,
        payload_sha256=payload_sha256,
        status="held",
        outcome={"status": "held"},
        received_at=at,
        prev=prev,
        mono_ms=mono_ms,
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def write_verdict(receipt: Receipt, verdict: dict[str, Any]) -> None:
    """Writes the outcome down for ever (or, for ``held``, until it is judged)."""
    receipt.outcome = verdict
    receipt.status = verdict["status"]
    db.session.flush()


def dump_outcome(
    op: str, outcome: Outcome, space_seq: int | None, proposal: str | None
) -> dict[str, Any]:
    """The outcome as stored; messages are added in the reader's language when it is told."""
    told: dict[str, Any] = {"op": op, "status": status_of(outcome)}
    if space_seq is not None:
        told["space_seq"] = space_seq
    if proposal is not None:
        told["proposal"] = proposal
    match outcome:
        case Applied(bytes=str(need)) | Merged(bytes=str(need)) | Conflict(bytes=str(need)):
            told |= _bytes(need)
        case RejectedLocked(bytes=str(need)) | Forbidden(bytes=str(need)):
            told |= _bytes(need)
    match outcome:
        case RejectedLocked(locked=locked):
            told["locked"] = locked
        case Conflict(error=Refused() as error):
            told["error"] = _error(error)
        case Forbidden(error=error) | Invalid(error=error) | Held(error=error):
            told["error"] = _error(error)
    return told


def tell_outcome(verdict: dict[str, Any], *, is_replay: bool) -> dict[str, Any]:
    """The stored outcome as answered, with its message in the caller's language."""
    told = {**verdict, "replay": is_replay}
    if error := verdict.get("error"):
        text = message(error["code"], current_locale(), error["details"])
        told["error"] = {**error, "message": text}
    return told


def _bytes(need: str) -> dict[str, str]:
    return {"bytes": need, "upload": UPLOAD_URL} if need == "wanted" else {"bytes": need}


def _error(error: Refused) -> dict[str, Any]:
    # Details may quote what was sent; half a surrogate pair in it must not break the answer.
    details = error.details
    try:
        str(details).encode()
    except UnicodeEncodeError:
        details = {"details": dump_as_sent(details)}
    return {"code": error.code, "details": details}
