"""Sheets of a few entries: where a story is not about the list, the rest would only take time."""

from __future__ import annotations

import json

from tests.e2e.harness import Server


def shorten(server: Server, **lists: list[str]) -> int:
    """Leaves these entries on each sheet, before anybody has fetched it; answers how many.
    ``common=["COM-06"]`` is of the list common@1."""
    told = json.dumps([{"list": f"{name}@1", "items": items} for name, items in lists.items()])
    server.change(f"UPDATE sheets SET lists = '{told}'")
    server.change(
        f"UPDATE entities SET fields = json_set(fields, '$.lists', json('{told}'))"
        " WHERE type = 'sheet'"
    )
    return sum(len(items) for items in lists.values())
