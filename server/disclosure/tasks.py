"""What a result was about: its task, with basis, body, content and method of the items that were
checked, as the published list has them (R087)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.disclosure_table import DISCLOSURE
from server.disclosure.models import PublicResult
from server.planning.models import PlanTask
from server.planning.reading import get_task
from server.registry.checklists import get_checklist
from server.registry.items.models import ItemPublication
from server.registry.items.publication import list_publications
from server.registry.models import CheckEntry
from server.runtime import SITE_ZONE

Plain = dict[str, Any]


class TaskTeller:
    """Reads each task, checklist and edition of the item list once, for many results. ``draws``
    are the public numbers of their draws by visit."""

    def __init__(self, draws: Mapping[int, str]) -> None:
        self._draws = draws
        self._tasks: dict[int, PlanTask] = {}
        self._entries: dict[str, list[CheckEntry]] = {}
        self._editions: dict[int, Sequence[ItemPublication]] = {}

    def tell(self, row: PublicResult, snapshot: Mapping[str, Any]) -> Plain:
        """``items`` in the words of the edition that held on the day of the visit, or the first one
        after it; of what no edition has, in those of the register."""
        if row.task_id not in self._tasks:
            self._tasks[row.task_id] = get_task(None, row.task_id)
        task = self._tasks[row.task_id]
        plain = {
            "number": task.official_no or task.task_no,
            "name": row.task_name,
            "draw": self._draws[row.inspection_id],
            "items": self._items(row, snapshot),
        }
        return DISCLOSURE.disclose("task", plain)

    def _items(self, row: PublicResult, snapshot: Mapping[str, Any]) -> list[Plain]:
        checked = {one["code"] for one in snapshot["items"]}
        published = {one["code"]: one for one in self._edition(row)}
        found: dict[str, Plain] = {}
        for reference in snapshot["lists"]:
            for entry in self._list(reference):
                if entry.code in checked and entry.item.code not in found:
                    item = entry.item
                    fields = published.get(item.code) or {
                        "name": item.name,
                        "basis": item.basis,
                        "bodies": item.bodies,
                        "content": item.content,
                        "methods": item.methods,
                    }
                    found[item.code] = {
                        "name": fields["name"],
                        "basis": fields["basis"] or "",
                        "bodies": fields["bodies"] or row.department_name,
                        "content": fields["content"] or "",
                        "methods": list(fields["methods"] or ()),
                    }
        return list(found.values())

    def _list(self, reference: str) -> list[CheckEntry]:
        if reference not in self._entries:
            self._entries[reference] = list(get_checklist(reference).entries)
        return self._entries[reference]

    def _edition(self, row: PublicResult) -> list[Plain]:
        county = row.jurisdiction_id
        if county not in self._editions:
            self._editions[county] = list_publications(county)
        editions = self._editions[county]
        for one in editions:
            if one.published_at.astimezone(SITE_ZONE).date() <= row.ended_on:
                return one.items
        return editions[-1].items if editions else []
