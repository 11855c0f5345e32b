"""What every implementation of ``sync.ports`` must do, written once (STYLE 11). Run against the
host in memory and the README's here, against the tables in tests/integration/fieldsync."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from domain.errors import Refused
from sync.operation import Kind, parse_inspection
from sync.ports import Rights, Rules, Space
from sync.rows import Author, Row, Sibling

ENTITY = "answer:tr/PAX-01"
UUID = "0195c0de-0000-7000-8000-000000000001"
SHA = "ab" * 32


@dataclass(frozen=True)
class Ports:
    """An implementation with one open inspection whose sheet ``tr`` has the item PAX-01, and a way
    to write rows as an operation would. ``open_again`` gives the ports of a later transaction."""

    space: Space
    rules: Rules
    rights: Rights
    strangers_rights: Rights
    write: Callable[[tuple[Row, ...]], None]
    open_again: Callable[[], Ports]


def make_rows() -> tuple[Row, ...]:
    """One of each kind of evidence, with everything a row can carry."""
    loser = Sibling(UUID, Author(9, "李检查"), "2026-03-04T10:00:00.000+08:00", {"value": "fail"})
    heads = {"value": UUID, "note": UUID}
    photo: dict[str, Any] = {
        "sha256": SHA,
        "bytes": 3,
        "mime": "image/jpeg",
        "width": 1,
        "height": 1,
    }
    photo |= {"manifest": {}, "attached": [ENTITY], "stored": False}
    fields = {"value": "pass", "note": "齐全", "verdict": None}
    return (
        Row("answer", ENTITY, fields, heads, (loser,), "tr"),
        Row("photo", f"photo:{SHA}", photo, {"attached": UUID}, (), "tr", gone=True),
        Row("signature", f"signature:{UUID}", {"sheet": "tr", "role": "firm"}, {}, (), "tr"),
        Row("checkin", f"checkin:{UUID}", {"sheet": "tr"}, {}, (), "tr"),
    )


def check_space(ports: Ports) -> None:
    """Rows come back as they were written, tombstones too; evidence is the sheet's own."""
    assert parse_inspection(ports.space.name) is not None
    assert ports.space.find_row(ENTITY) is None
    assert ports.space.list_evidence("tr") == []
    sheet = ports.space.find_row("sheet:tr")
    assert sheet is not None and sheet.fields["state"] == "open"
    rows = make_rows()
    ports.write(rows)
    later = ports.open_again().space
    for row in rows:
        assert later.find_row(row.id) == row
        assert later.find_row(row.id) == row, "asked twice, the same"
    assert sorted(later.list_evidence("tr"), key=_id) == sorted(rows, key=_id)
    assert not later.has_bytes(SHA)
    moved = replace(rows[0], fields={**rows[0].fields, "note": "改"}, siblings=())
    ports.write((moved,))
    last = ports.open_again().space
    assert last.find_row(ENTITY) == moved
    assert sorted(last.list_evidence("tr"), key=_id)[0] == moved


def check_rules(ports: Ports) -> None:
    """Refusals are values with a code; the clock is UTC and does not go back."""
    rules = ports.rules
    assert rules.check_value("tr", "PAX-01", "pass") is None
    refused = rules.check_value("tr", "PAX-01", "bad")
    assert isinstance(refused, Refused) and refused.code == "answer.bad_choice"
    assert isinstance(rules.needs_acceptance(), bool)
    assert rules.find_entered_digest("tr") is None
    due, is_provisional = rules.due_of("2026-03-04")
    assert (due is None or re.fullmatch(r"\d{4}-\d\d-\d\d", due)) and isinstance(
        is_provisional, bool
    )
    begin, end = rules.end_bounds()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", begin) and begin <= rules.now()[:10] <= end
    first, second = rules.now(), rules.now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first) and first <= second
    ports.write(make_rows())
    unmet = [one.code for one in ports.open_again().rules.list_unmet("tr", {"PAX-01": 1})]
    assert "entry.conflict" in unmet


def check_rights(ports: Ports) -> None:
    """Whoever is on the team may fill; whoever is not may do nothing, whatever the kind."""
    assert ports.rights.may(Kind.ANSWER_SET, "tr")
    allowed = [kind for kind in Kind if kind is not Kind.DEVICE_LOST]
    assert not any(ports.strangers_rights.may(kind, "tr") for kind in allowed)


def _id(row: Row) -> str:
    return row.id
