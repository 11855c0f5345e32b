"""Choosing between two officers' versions of an answer: one's own work of the team and its lead
(docs/protocol part 3, invariant I8). The choice is an operation like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.access import Action, Actor, may
from domain.errors import fault
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require
from server.inspections.models import Inspection
from server.inspections.reading import get_inspection, get_sheet, list_by_ids, target_of
from server.inspections.reviewing import raise_refusal
from sync.operation import parse_answer, parse_inspection

CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed: the heads of the answer, and the versions beside it."""

    heads: Mapping[str, str]
    siblings: Sequence[str]


@dataclass(frozen=True, slots=True)
class OpenChoice:
    """An answer of which two or more versions wait for somebody to choose."""

    inspection: Inspection
    code: str
    item: str
    authors: tuple[str, ...]


def choose_version(
    actor: Actor, inspection_id: int, code: str, item: str, choice: str, seen: Seen
) -> None:
    """Settles every open version of an answer: ``choice`` is the operation of the one that shall
    stand, or ``current`` for what stands there. Raises ``request.conflict`` when the page showed
    something else than what is there now."""
    inspection = get_inspection(actor, inspection_id)
    sheet = get_sheet(inspection, code)
    require(actor, Action.SHEET_CHOOSE, target_of(inspection, sheet))
    with unit_of_work():
        row = fieldsync.read_sheet(inspection.id, code).answers.get(item)
        beside = {one.op: one for one in row.siblings} if row is not None else {}
        is_seen = row is not None and row.heads == seen.heads and set(beside) == set(seen.siblings)
        if not is_seen or not beside or (choice != CURRENT and choice not in beside):
            raise fault("request.conflict")
        fields = dict(beside[choice].fields) if choice != CURRENT else {}
        outcome = fieldsync.perform_office_op(
            actor,
            space=inspection.space,
            kind="answer.set",
            entity=f"answer:{code}/{item}",
            fields=fields,
            base={name: seen.heads.get(name) for name in fields},
            resolves=sorted(beside),
        )
    raise_refusal(outcome)


def list_open_choices(actor: Actor) -> list[OpenChoice]:
    """Those the actor may settle, over all inspections."""
    open_rows = [
        (visit, named, row)
        for space, row in fieldsync.list_open_answers()
        if (visit := parse_inspection(space)) is not None
        and (named := parse_answer(row.id)) is not None
    ]
    visits = {one.id: one for one in list_by_ids({visit for visit, _named, _row in open_rows})}
    found = []
    for visit, (code, item), row in open_rows:
        inspection = visits.get(visit)
        if inspection is None:
            continue
        target = target_of(inspection, get_sheet(inspection, code))
        if may(actor, Action.SHEET_CHOOSE, target):
            authors = tuple(dict.fromkeys(one.author.name for one in row.siblings))
            found.append(OpenChoice(inspection, code, item, authors))
    return found
