"""Use cases of filling without the app: each is an operation like a phone's (``page_ops``), so
receipt, ledger, conflict and lock are the same."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import IO, Any

from domain.access import Actor
from domain.errors import fault
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.service import PageOp
from server.filling.reading import Seen, view_fill
from server.runtime import today
from sync.operation import Kind

_PAGE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORST_LAST = ("merged", "applied", "held", "invalid", "conflict", "rejected_locked", "forbidden")
Verdict = dict[str, Any]


def parse_page(text: str) -> str:
    """The page's id as its form carries it. Raises ``request.bad_parameter``."""
    if not _PAGE.fullmatch(text):
        raise fault("request.bad_parameter", field="page")
    return text


def save_entry(
    actor: Actor,
    inspection_id: int,
    code: str,
    item: str,
    *,
    page: str,
    answer: Mapping[str, Any],
    seen: Seen,
    photo: IO[bytes] | None = None,
) -> Verdict | None:
    """Keeps what was changed against what the page showed, and a photo with its original bytes.
    Answers the worse verdict of the two, with ``is_photo`` where it is the photo's and the rest got
    in, None where nothing was changed. Nothing is asked of the
    actor's rights here: who was taken off the team meanwhile loses no word, it goes to the office
    as a proposal, as from a phone. Raises ``photo.*`` before anything is kept."""
    space, entity = f"insp:{inspection_id}", f"answer:{code}/{item}"
    claim = fieldsync.claim_photo(actor, photo) if photo is not None else None
    changed = {name: new for name, new in answer.items() if new != seen.fields.get(name)}
    if "value" in changed and seen.fields.get("by_rest"):
        changed["by_rest"] = None
    verdicts: list[Verdict] = []
    with unit_of_work():
        asked = PageOp(
            page=page,
            kind=Kind.ANSWER_SET,
            entity=entity,
            fields=changed,
            base={name: seen.heads.get(name) for name in changed},
            whole=answer,
            resolves=seen.siblings,
        )
        if changed or seen.siblings or fieldsync.has_written(actor, space, asked):
            verdicts.append(fieldsync.perform_page_op(actor, space, asked))
        if claim is not None:
            attach = PageOp(page, Kind.PHOTO_ATTACH, entity, {}, {}, photo=claim)
            verdicts.append(fieldsync.perform_page_op(actor, space, attach))
    if claim is not None and photo is not None and "bytes" in verdicts[-1]:
        fieldsync.take_photo(actor, claim["sha256"], claim["bytes"], photo, [verdicts[-1]["op"]])
    worst = max(verdicts, key=lambda one: _WORST_LAST.index(one["status"]), default=None)
    is_rest_kept = all(one["status"] in ("merged", "applied") for one in verdicts[:-1])
    if claim is not None and worst is not None and worst is verdicts[-1] and is_rest_kept:
        return {**worst, "is_photo": True}
    return worst


def check_in(actor: Actor, inspection_id: int, code: str, officer_id: int, page: str) -> Verdict:
    """Records that an officer of the sheet's department is there, without a place: a plain page
    cannot know it. Once, whoever asks. Raises ``access.denied``, ``request.not_found``."""
    shown = view_fill(actor, inspection_id, code, today())
    if officer_id not in {one.officer_id for one in shown.officers}:
        raise fault("request.not_found")
    if officer_id in shown.present:
        return {"status": "merged"}
    # Of the page's id: the button pressed twice names the same arrival.
    arrival = uuid.uuid5(uuid.UUID(page), f"checkin {officer_id}")
    fields: dict[str, Any] = {"sheet": code, "officer_id": officer_id}
    if shown.present and shown.view.answered:
        fields["late"] = True  # as on the phone: a colleague was there and has begun
    asked = PageOp(page, Kind.CHECKIN_ADD, f"checkin:{arrival}", fields, {})
    return fieldsync.perform_page_op(actor, f"insp:{inspection_id}", asked)


def submit(actor: Actor, inspection_id: int, code: str, ended_on: date, page: str) -> Verdict:
    """Hands the sheet in. Raises ``sheet.preconditions`` with everything missing but signatures,
    which can still be drawn on a phone."""
    shown = view_fill(actor, inspection_id, code, ended_on)
    if shown.is_open and shown.missing:
        unmet = [{"code": one.code, "details": one.details} for one in shown.missing]
        raise fault("sheet.preconditions", count=len(unmet), unmet=unmet)
    fields = {"ended_on": ended_on.isoformat()}
    asked = PageOp(page, Kind.SHEET_SUBMIT, f"sheet:{code}", fields, {})
    return fieldsync.perform_page_op(actor, f"insp:{inspection_id}", asked)
