"""Use case: the lead accepts the clean sheets of a day together, each as it was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.access import Actor
from domain.day import Hindrance
from domain.errors import Fault
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.inspections.day import sheets_of
from server.inspections.models import Inspection
from server.inspections.reading import get_inspection, get_sheet
from server.inspections.reviewing import accept_sheet

MAX_AT_ONCE = 500  # more than a county visits in a day; a form cannot ask for more


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet as a page named it; ``digest`` of the answers, photos and signatures it showed."""

    inspection_id: int
    code: str
    digest: str


@dataclass(frozen=True, slots=True)
class Left:
    """A sheet that was not accepted: what stands against it now, or ``has_changed`` since it was
    shown, or the ``fault`` that the acceptance met."""

    inspection: Inspection
    hindrances: tuple[Hindrance, ...] = ()
    has_changed: bool = False
    fault: Fault | None = None


def accept_clean(actor: Actor, shown: Iterable[Shown]) -> tuple[int, list[Left]]:
    """(how many were accepted, those that were not). Each sheet is accepted or left on its own, in
    its own transaction. Raises ``access.denied``, ``inspection.not_found``, ``sheet.not_found`` for
    what no page of this person shows; what came before it stands."""
    accepted, left = 0, []
    for one in list(dict.fromkeys(shown))[:MAX_AT_ONCE]:
        refused = _accept(actor, one)
        if refused is None:
            accepted += 1
        else:
            left.append(refused)
    return accepted, left


def _accept(actor: Actor, shown: Shown) -> Left | None:
    inspection = get_inspection(actor, shown.inspection_id)
    get_sheet(inspection, shown.code)
    with unit_of_work():
        fieldsync.lock_space(inspection.space)
        inspection = get_inspection(actor, shown.inspection_id)
        of_day = sheets_of(actor, [inspection])[inspection.id]
        one = next((s for s in of_day if s.sheet.code == shown.code), None)
        if one is not None and one.content != shown.digest:
            return Left(inspection, has_changed=True)
        if one is not None and one.hindrances:
            return Left(inspection, hindrances=tuple(one.hindrances))
        try:
            accept_sheet(actor, shown.inspection_id, shown.code)  # whoever may not is told so here
        except Fault as refused:
            if refused.status in (403, 404):
                raise
            return Left(inspection, fault=refused)
    return None
