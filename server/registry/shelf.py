"""Checklists as one page needs them: each asked for once, however many sheets use it."""

from __future__ import annotations

from domain.check_items import CheckItem
from server.registry.checklists import get_checklist, list_check_items


class Shelf:
    """Make one per request. Raises ``checklist.not_found`` as the lookups behind it."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[CheckItem, ...]] = {}
        self._titles: dict[str, tuple[str, str]] = {}

    def list_items(self, reference: str) -> tuple[CheckItem, ...]:
        """The list's items in order."""
        if reference not in self._items:
            self._items[reference] = list_check_items(reference)
        return self._items[reference]

    def get_title(self, reference: str) -> tuple[str, str]:
        """(title, reference) of the list."""
        if reference not in self._titles:
            found = get_checklist(reference)
            self._titles[reference] = found.title, found.reference
        return self._titles[reference]
