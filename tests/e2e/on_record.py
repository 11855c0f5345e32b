"""What the server has of an inspection, asked from outside."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from tests.e2e import field_app as app
from tests.e2e.harness import Server


def answers_of(server: Server, inspection: str) -> dict[str, dict[str, Any]]:
    """Item → fields, as the server has them."""
    rows = server.sql(
        f"SELECT id, fields FROM entities WHERE type = 'answer' AND space = 'insp:{inspection}'"
    )
    return {name.rpartition("/")[2]: json.loads(fields) for name, fields in rows}


def rows_of(server: Server, inspection: str) -> dict[str, dict[str, Any]]:
    """Entity → the row as the server has it."""
    rows = server.sql(
        "SELECT id, seq, fields, heads, siblings, is_gone FROM entities"
        f" WHERE space = 'insp:{inspection}'"
    )
    return {
        name: {
            "seq": seq,
            "fields": json.loads(fields),
            "heads": json.loads(heads),
            "siblings": json.loads(siblings),
            "gone": bool(gone),
        }
        for name, seq, fields, heads, siblings, gone in rows
    }


def stored_photos(server: Server, inspection: str, item: str) -> set[str]:
    """The hashes of the pictures at an item of which the server has the bytes."""
    photos = [
        row["fields"] for key, row in rows_of(server, inspection).items() if key[:6] == "photo:"
    ]
    at_item = [one for one in photos if f"answer:tr/{item}" in one["attached"]]
    return {one["sha256"] for one in at_item if one["stored"]}


def expect_equal(server: Server, inspection: str, *pages: Page) -> None:
    """What each phone keeps of the inspection is what the server has, field by field (I5)."""
    theirs = rows_of(server, inspection)
    for page in pages:
        kept = {
            row["id"]: {
                "seq": row["seq"],
                "fields": {k: v for k, v in row["fields"].items() if k not in ("may", "door")},
                "heads": row["heads"],
                "siblings": row["siblings"],
                "gone": bool(row.get("gone")),
            }
            for row in app.ask_store(page, "rows", "getAll")
            if row["space"] == f"insp:{inspection}"
        }
        assert kept == theirs


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def shared_inspection(
    server: Server, people: dict[str, dict[str, Any]]
) -> tuple[str, str, list[dict[str, Any]]]:
    """A visit both inspectors are on and nobody has begun with: number, firm, their accounts."""
    team = server.sql(
        "SELECT m.inspection_id, f.name, p.account FROM team_members m JOIN officers o ON o.id ="
        " m.officer_id JOIN people p ON p.id = o.person_id JOIN inspections i ON i.id ="
        " m.inspection_id JOIN firms f ON f.id = i.firm_id WHERE p.account IN ('jiancha1',"
        " 'jiancha2') AND NOT EXISTS (SELECT 1 FROM entities e WHERE e.type = 'answer' AND"
        " e.space = 'insp:' || i.id) ORDER BY m.inspection_id, p.account"
    )
    (inspection, firm, _), _ = next(pair for pair in pairwise(team) if pair[0][0] == pair[1][0])
    return str(inspection), firm, [people["jiancha1"], people["jiancha2"]]
