"""Lookup: whether an approved correction has reached the official platform and the public: a
version counts there once its own receipt and publication are recorded (R080–R083)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.access import Actor
from server.corrections.joining import list_orders_of
from server.corrections.steps import map_versions
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from server.inspections.paper_numbers import number_correction
from server.inspections.records import find_sheet
from server.publication import service as publication


class Rest(StrEnum):
    """What is left to do; ``RECEIPT`` first: what is public is what the platform has."""

    RECEIPT = "receipt"
    PUBLICATION = "publication"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Tracked:
    """An approved order: its ``number``, the ``version`` it made, and where that has arrived."""

    number: str
    version: int
    code: str
    is_receipted: bool
    is_published: bool

    @property
    def rest(self) -> Rest:
        if not self.is_receipted:
            return Rest.RECEIPT
        return Rest.DONE if self.is_published else Rest.PUBLICATION


def track(proposals: Sequence[Proposal]) -> dict[str, Tracked]:
    """By order; those that made no version are left out. A later version on the platform covers
    the earlier ones."""
    versions = map_versions([one.id for one in proposals if one.state == "approved"])
    sheets = {}
    for one in proposals:
        code = fieldsync.find_code(one.entity, one.payload)
        if one.id in versions and one.inspection_id is not None and code is not None:
            sheet = find_sheet(one.inspection_id, code)
            if sheet is not None:
                sheets[one.id] = sheet
    standing = publication.standing_of({sheet.id for sheet in sheets.values()})
    return {
        order_id: Tracked(
            number=number_correction(sheet.inspection, sheet, versions[order_id]),
            version=versions[order_id],
            code=sheet.code,
            is_receipted=standing[sheet.id].receipted >= versions[order_id],
            is_published=standing[sheet.id].published >= versions[order_id],
        )
        for order_id, sheet in sheets.items()
    }


def count_untracked(actor: Actor) -> int:
    """How many approved orders in sight the platform or the public does not know yet."""
    found = track(list_orders_of(actor))
    return sum(one.rest is not Rest.DONE for one in found.values())
