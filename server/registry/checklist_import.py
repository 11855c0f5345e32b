"""Importing 抽查事项清单 and its checklists, version by version (R004–R008).

A version never changes: an inspection keeps the one it started with. A changed file makes
version n + 1, the same content makes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import yaml

from domain.access import Action, Actor
from domain.checklists import Checklist as ParsedChecklist
from domain.checklists import parse_checklists
from domain.errors import Fault, fault
from server.audit.service import write_event
from server.db import unit_of_work
from server.registry.checklist_versions import add_version, digest_checklist, name_own_item
from server.registry.checklists import TASK_PLACE, find_checklist
from server.registry.keeping import require_keeper
from server.registry.owner import owner_of, person_id_of, take_turns

# The safe loader without its Python half: the bundled file is read at every set-up.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_LEVELS = 50  # of lists in lists; the bundled file has seven


@dataclass(frozen=True, slots=True)
class ImportedChecklist:
    """What became of one list: ``created``, ``updated`` (a new version) or ``unchanged``."""

    code: str
    version: int
    title: str
    items: int
    outcome: str


@dataclass(frozen=True, slots=True)
class ChecklistImport:
    """Every list of the file, in file order."""

    lists: tuple[ImportedChecklist, ...]

    @property
    def imported(self) -> int:
        """Lists that were new or changed."""
        return sum(entry.outcome != "unchanged" for entry in self.lists)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "imported": self.imported,
            "unchanged": len(self.lists) - self.imported,
            "items": sum(entry.items for entry in self.lists),
            "lists": [asdict(entry) for entry in self.lists],
        }


def import_checklists(data: bytes, actor: Actor | None = None) -> ChecklistImport:
    """Reads a checklists file (YAML or JSON) whole or not at all.

    Raises ``checklist.malformed`` naming the list, the item and the field.
    """
    require_keeper(actor, Action.CHECKLIST_IMPORT)
    document = _read(data)
    parsed = parse_checklists(document)
    places = _task_places(document.get("plan_task_index"))
    _refuse_too_long(parsed)
    with unit_of_work():
        take_turns(owner_of(actor))
        outcomes = tuple(_import_one(actor, entry, places) for entry in parsed)
        report = ChecklistImport(outcomes)
        if report.imported:
            codes = [entry.code for entry in outcomes if entry.outcome != "unchanged"]
            write_event(owner_of(actor), person_id_of(actor), "checklists.imported", lists=codes)
    return report


def _read(data: bytes) -> Mapping[str, Any]:
    try:
        _refuse_too_deep(data)
        document = yaml.load(data, Loader=_Loader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "-"
        raise fault(
            "checklist.malformed", checklist="-", item="-", field=place, reason="request.not_json"
        ) from None
    if not isinstance(document, dict):
        raise fault(
            "checklist.malformed",
            checklist="-",
            item="-",
            field="checklists",
            reason="checklist.blank",
        )
    return document


def _refuse_too_deep(data: bytes) -> None:
    """The loader calls itself for each level and has no bound: forty thousand brackets take the
    process with them."""
    level = 0
    for event in yaml.parse(data, Loader=_Loader):
        level += isinstance(event, yaml.CollectionStartEvent)
        level -= isinstance(event, yaml.CollectionEndEvent)
        if level > MOST_LEVELS:
            raise ValueError("too deep")


def _refuse_too_long(parsed: Sequence[ParsedChecklist]) -> None:
    """Codes and names have a width in the database; texts have none."""
    for checklist in parsed:
        for field, text, width in (
            ("id", checklist.code, 32),
            ("title", checklist.title, 120),
            ("objects", checklist.objects, 200),
        ):
            if len(text) > width:
                raise _too_long(checklist.code, "-", field)
        for item in checklist.items:
            if len(item.code) > 20:
                raise _too_long(checklist.code, item.code, "code")
            if len(item.department or "") > 80:
                raise _too_long(checklist.code, item.code, "department")


def _too_long(checklist: str, item: str, field: str) -> Fault:
    return fault(
        "checklist.malformed",
        checklist=checklist[:40],
        item=item[:40],
        field=field,
        reason="checklist.unknown_value",
    )


def _task_places(index: object) -> dict[str, str]:
    """Task reference → ``file.csv:row``; a file without an index has none."""
    if not isinstance(index, dict):
        return {}
    places = {}
    for reference, place in index.items():
        if isinstance(place, dict) and isinstance(place.get("row"), int):
            file_name = str(place.get("file", "")).rsplit("/", 1)[-1]
            places[str(reference)] = f"{file_name}:{place['row']}"
    return places


def _import_one(
    actor: Actor | None, parsed: ParsedChecklist, places: Mapping[str, str]
) -> ImportedChecklist:
    tasks = [
        f"{name}{TASK_PLACE}{places[name]}" if name in places else name
        for name in parsed.plan_tasks
    ]
    current = find_checklist(parsed.code)
    parsed = name_own_item(actor, parsed, current)
    if current is not None and current.content_sha256 == digest_checklist(parsed, tasks):
        return ImportedChecklist(
            parsed.code, current.version, parsed.title, len(parsed.items), "unchanged"
        )
    made = add_version(actor, parsed, current, tasks)
    return ImportedChecklist(
        parsed.code,
        made.version,
        parsed.title,
        len(parsed.items),
        "updated" if current else "created",
    )
