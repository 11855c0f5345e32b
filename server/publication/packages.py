"""Use cases: what is entered on the official platform, made of the entered versions (R074, R077). A
department gets its own sheets only: nobody enters for another department."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.access import Action, Actor, may
from domain.county_settings import read_setting
from domain.entry_corrections import build_corrects
from domain.entry_package import (
    FORMAT,
    EnteredVersion,
    PackageHead,
    build_package,
    exported_code,
)
from domain.errors import fault
from domain.platform_results import PlatformResults
from domain.results import FirmResult, firm_result
from server.accounts.service import get_jurisdiction
from server.guard import require
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.planning import service as planning
from server.registry.checklists import get_checklist
from server.results import service as results

# The official words: they go into the platform's fields, whatever language the reader uses.
DRAW_TYPES = {"directed": "定向", "undirected": "不定向"}


@dataclass(frozen=True, slots=True)
class EntryPackage:
    """``name`` is for the file; ``packages`` one per sheet."""

    name: str
    packages: list[dict[str, Any]]

    def as_plain(self) -> dict[str, Any]:
        """The JSON document."""
        return {"format": FORMAT, "packages": self.packages}


def build_sheet_package(actor: Actor, inspection_id: int, code: str) -> EntryPackage:
    """Raises ``access.denied`` for another department's, ``publication.not_entered``."""
    inspection = inspections.get_inspection(actor, inspection_id)
    sheet = inspections.get_sheet(inspection, code)
    require(actor, Action.ENTRY_PACKAGE, inspections.target_of(inspection, sheet))
    platform = _platform(actor)
    visit = _visit_result(actor, inspection, platform)
    package = _build(inspection, sheet, platform, visit)
    if package is None:
        raise fault("publication.not_entered")
    return EntryPackage(f"entry-{inspection.number}-{sheet.code}", [package])


def build_task_package(actor: Actor, task_id: int) -> EntryPackage:
    """Every entered sheet of the task that the actor's department enters. Raises
    ``publication.nothing_to_export`` where there is none yet, and what ``get_task`` raises."""
    task = planning.get_task(actor, task_id)
    platform = _platform(actor)
    found = []
    for inspection in inspections.list_of_task(task.id):
        own = [
            sheet
            for sheet in inspection.sheets
            if may(actor, Action.ENTRY_PACKAGE, inspections.target_of(inspection, sheet))
        ]
        visit = _visit_result(actor, inspection, platform) if own else firm_result(())
        packages = (_build(inspection, sheet, platform, visit) for sheet in own)
        found += [package for package in packages if package is not None]
    if not found:
        raise fault("publication.nothing_to_export")
    return EntryPackage(f"entry-{task.official_no or task.task_no}", found)


def _platform(actor: Actor) -> PlatformResults:
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return PlatformResults.read(
        read_setting(settings, "platform.result_codes"),
        read_setting(settings, "platform.local_results"),
    )


def _visit_result(actor: Actor, inspection: Inspection, platform: PlatformResults) -> FirmResult:
    """Over the sheets this person may read."""
    readable = (s for s in inspection.sheets if inspections.can_read_sheet(actor, inspection, s))
    versions = (results.find_version(sheet.id) for sheet in readable)
    return firm_result(exported_code(one.snapshot, platform) if one else None for one in versions)


def _build(
    inspection: Inspection, sheet: Sheet, platform: PlatformResults, visit: FirmResult
) -> dict[str, Any] | None:
    versions = results.list_versions(sheet.id)
    if not versions:
        return None
    found, task = versions[0], inspection.task
    head = PackageHead(
        plan_no=task.plan.document_no,
        plan_name=task.plan.title,
        task_no=task.official_no or task.task_no,
        task_name=task.name,
        draw_type=DRAW_TYPES.get(task.draw_type, task.draw_type),
    )
    names = {
        entry.code: entry.item.name
        for reference in found.snapshot["lists"]
        for entry in get_checklist(reference).entries
    }
    package, *earlier = (
        build_package(
            head, EnteredVersion(one.version, one.digest, one.snapshot), names, platform, visit
        )
        for one in versions[:2]
    )
    reason = (found.snapshot.get("correction") or {}).get("reason", "")
    corrects = build_corrects(earlier[0], package, reason) if earlier else None
    return {**package, "corrects": corrects}
