"""What is recorded after the entry: follow-up, platform receipt, publication. The one place that
asks; what is not recorded stands as not done, so that a file is never called complete for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.access import Actor
from domain.archive import Step
from domain.followup import CaseState
from server.followup import service as followup
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet
from server.publication import service as publication
from server.publication.models import PlatformReceipt, Publication
from server.telling import service as telling
from server.telling.reading import Told


@dataclass(frozen=True, slots=True)
class LaterSteps:
    """Of one department's sheet; receipts and publications the oldest first. ``cases`` are those
    this reader may read: officers of the team are told how follow-up stands and not its papers,
    nor what is in ``told``."""

    cases: tuple[FollowUp, ...]
    receipts: tuple[PlatformReceipt, ...]
    publications: tuple[Publication, ...]
    told: Told
    follow_up: Step
    telling: Step
    receipt: Step
    publication: Step

    @property
    def documents(self) -> list[tuple[str, str]]:
        """(name, SHA-256) of every paper attached to them, each once."""
        told = [(o.document_name, o.document_sha256) for case in self.cases for o in case.steps]
        told += [(one.document_name, one.document_sha256) for one in self.receipts]
        told += [(one.document_name, one.document_sha256) for one in self.publications]
        told += [(one.document_name, one.document_sha256) for one in self.told.deliveries]
        told += [(one.document_name, one.document_sha256) for one in self.told.acts]
        found = {sha256: name for name, sha256 in told if sha256}
        return [(name, sha256) for sha256, name in found.items()]


def read_later(actor: Actor, found: Inspection, sheet: Sheet) -> LaterSteps:
    """The caller has checked that the actor may read the sheet."""
    all_cases = followup.list_of_sheets([sheet.id])
    cases = tuple(one for one in all_cases if followup.can_read(actor, one))
    if sheet.entered_at is None:
        none = (Step.NONE,) * 4
        return LaterSteps(cases, (), (), telling.NOTHING_TOLD, *none)
    told_version = telling.find_told_version(sheet.id)
    told = publication.view_publication(actor, found.id, sheet.code)
    return LaterSteps(
        cases=cases,
        receipts=tuple(reversed(told.receipts)),
        publications=tuple(reversed(told.publications)),
        told=telling.read_told(actor, found, sheet),
        telling=_told(told_version, told.version),
        follow_up=_step(
            one.state == CaseState.DONE for one in all_cases if one.state != CaseState.VOID
        ),
        receipt=_of_version(told.receipt, told.receipts),
        publication=_of_version(told.publication, told.publications),
    )


def _told(told: int, version: int) -> Step:
    """OPEN: the firm was told of an earlier version."""
    if not told:
        return Step.NONE
    return Step.DONE if told == version else Step.OPEN


def _step(are_done: Iterable[bool]) -> Step:
    told = list(are_done)
    if not told:
        return Step.NONE
    return Step.DONE if all(told) else Step.OPEN


def _of_version(standing: object, entries: list[PlatformReceipt] | list[Publication]) -> Step:
    """OPEN: an earlier version has one, the version in force has none."""
    if standing is not None:
        return Step.DONE
    return Step.OPEN if entries else Step.NONE
