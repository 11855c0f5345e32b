"""What people at a desk do to a space: rows a draw makes, and operations made on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access import Actor
from domain.errors import fault
from server.accounts.service import get_person
from server.db import unit_of_work
from server.fieldsync.entities import find_entity, load_row, write_effect
from server.fieldsync.ids import make_op_id
from server.fieldsync.instants import dump_instant
from server.fieldsync.receipts import add_receipt
from server.fieldsync.receiving.judge import judge
from server.fieldsync.server_ops import add_server_receipt
from server.fieldsync.spaces import lock_user_space
from server.fieldsync.visit import find_visit
from server.runtime import now
from sync.canonical import dump_canonical, hash_text
from sync.messages.operation import parse_operation
from sync.operation import Kind
from sync.outcomes import Forbidden, Outcome
from sync.rows import EVIDENCE, Author, Row, Sibling


@dataclass(frozen=True, slots=True)
class RowWrite:
    """A row to be written whole. ``sheet_id`` is for rows of a sheet; ``gone`` is a tombstone."""

    type: str
    id: str
    fields: Mapping[str, Any]
    sheet_id: int | None = None
    gone: bool = False


def write_rows(
    *,
    jurisdiction_id: int,
    space: str,
    kind: str,
    person_id: int | None,
    rows: Sequence[RowWrite],
    at: datetime,
) -> int:
    """An operation made by the server for ``person_id``: writes the rows over whatever was there,
    with receipt and ledger, and answers its space_seq. Where nobody asked for it (``person_id``
    None) the ledger line stands alone. Joins a running unit of work. Lock order is inspections
    before personal spaces: write in that order."""
    with unit_of_work() as work:
        locked = lock_user_space(jurisdiction_id, space)
        work.flush()
        op = make_op_id()
        visit = find_visit(space)
        codes = {i: c for c, i in visit.sheet_ids.items()} if visit is not None else {}
        written = [
            Row(
                type=one.type,
                id=one.id,
                fields=one.fields,
                heads=dict.fromkeys(one.fields, op),
                siblings=_kept_siblings(space, one, codes),
                sheet=codes.get(one.sheet_id) if one.sheet_id is not None else None,
                gone=one.gone,
            )
            for one in rows
        ]
        sheet_ids = visit.sheet_ids if visit is not None else {}
        seq = write_effect(locked, op, written, sheet_ids, at)
        if person_id is None:
            return seq
        payload = {"kind": kind, "rows": [{"id": r.id, "fields": dict(r.fields)} for r in written]}
        add_server_receipt(op, f"office:{person_id}", person_id, locked, kind, payload, seq, at)
        return seq


def _kept_siblings(space: str, one: RowWrite, codes: Mapping[int, str]) -> tuple[Sibling, ...]:
    """Overwriting a row never drops somebody's unresolved version (I8)."""
    if one.type not in EVIDENCE:
        return ()
    known = find_entity(space, one.id)
    return load_row(known, codes).siblings if known is not None else ()


def perform_office_op(
    actor: Actor,
    *,
    space: str,
    kind: str,
    entity: str,
    fields: Mapping[str, Any],
    seen: Mapping[str, Mapping[str, str | None]] | None = None,
    digest: str | None = None,
    base: Mapping[str, str | None] | None = None,
    resolves: Sequence[str] = (),
    op: str | None = None,
    is_told: bool = True,
) -> Outcome:
    """An operation made on a page, through the same apply code as a phone's. ``base`` defaults to
    the heads of this moment: a page shows what it changes. ``op`` is its id where the caller writes
    that down elsewhere too. Not ``is_told``: nobody gets a notice of it. Raises ``access.denied``
    (a person at a desk is told at once, nothing is proposed), ``request.*`` or ``op.*`` for a
    malformed one."""
    with unit_of_work():
        at = now()
        sent = _build(op or make_op_id(), space, kind, entity, fields, at)
        sent["base"] = dict(base) if base is not None else _heads(space, entity, fields)
        if kind == Kind.SHEET_ENTER:
            sent["seen"], sent["digest"] = seen or {}, digest
        if resolves:
            sent["resolves"] = list(resolves)
        read = parse_operation(sent, "op")
        text = dump_canonical(sent)
        receipt = add_receipt(
            op=read.op,
            jurisdiction_id=actor.jurisdiction_id,
            device=f"office:{actor.person_id}",
            side_device=None,
            seq=0,
            person_id=actor.person_id,
            space=space,
            kind=kind,
            payload=text,
            payload_sha256=hash_text(text),
            at=at,
        )
        author = Author(actor.person_id, get_person(actor.person_id).name)
        outcome = judge(receipt, read, sent, actor, author, at, is_told=is_told)
        if isinstance(outcome, Forbidden):
            raise fault("access.denied")
        return outcome


def _build(
    op: str, space: str, kind: str, entity: str, fields: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    return {
        "op": op,
        "seq": 1,
        "kind": kind,
        "v": 1,
        "space": space,
        "entity": entity,
        "fields": dict(fields),
        "at": dump_instant(at),
    }


def _heads(space: str, entity: str, fields: Mapping[str, Any]) -> dict[str, str | None]:
    known = find_entity(space, entity)
    heads = known.heads if known is not None else {}
    return {name: heads.get(name) for name in fields}
