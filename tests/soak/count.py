"""The count at the end: what was made against what is stored, every difference in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sync.cursor import EMPTY_DIGEST, Mark, digest_space
from tests.e2e.harness import Server
from tests.soak.book import Book
from tests.soak.officer import Officer

STANDING = "SELECT id, fields FROM entities WHERE type = 'photo' AND NOT is_gone"


@dataclass
class Count:
    """``figures`` in the order they are shown; ``differences`` must be empty."""

    figures: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    destroyed: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def expect(self, is_true: bool, difference: str) -> None:
        if not is_true:
            self.differences.append(difference)


def take_count(server: Server, officers: list[Officer], book: Book) -> Count:
    """Everything is at rest. Reads the database from outside and the photos from the disk."""
    count = Count()
    receipts = _count_operations(server, book, count)
    _count_effects(server, receipts, count)
    _count_photos(server, officers, receipts, count)
    _count_rows(server, officers, count)
    entered = "SELECT count(*) FROM sheets WHERE state IN ('entered', 'published')"
    count.figures["sheets entered"] = int(server.sql(entered)[0][0])
    told = json.loads(server.command("ledger", "verify", "--json"))
    count.figures["differences found by ledger verify"] = len(told["problems"])
    count.expect(told["equal"], f"ledger verify: {told['problems'][:1]}")
    return count


def _count_operations(server: Server, book: Book, count: Count) -> dict[str, dict[str, Any]]:
    rows = server.sql("SELECT op, kind, status, outcome, payload FROM receipts")
    receipts = {
        str(op): {"kind": kind, "status": status, "outcome": _json(told), "payload": _json(payload)}
        for op, kind, status, told, payload in rows
        if str(op) in book.ops
    }
    absent = book.ops - receipts.keys()
    lost = absent - book.events.keys()
    held = [op for op, one in receipts.items() if one["status"] == "held"]
    count.figures |= {
        "operations made": len(book.ops),
        "receipts": len(receipts),
        "destroyed on a phone, on record": len(absent - lost),
        "lost": len(lost),
        "never decided": len(held),
    }
    count.destroyed = book.count_events(absent - lost)
    for one in receipts.values():
        count.statuses[one["status"]] = count.statuses.get(one["status"], 0) + 1
    count.expect(not lost, f"lost: {sorted(lost)[:1]}")
    count.expect(not held, f"never decided: {held[:1]}")
    return receipts


def _count_effects(server: Server, receipts: dict[str, dict[str, Any]], count: Count) -> None:
    # A refused operation's own entry is its proposal, in its author's space.
    entries = server.sql("SELECT op, count(*) FROM ledger WHERE space LIKE 'insp:%' GROUP BY op")
    effects = {str(op): int(number) for op, number in entries if str(op) in receipts}
    doubled = [op for op, number in effects.items() if number != 1]
    wanted = {op for op, one in receipts.items() if "space_seq" in one["outcome"]}
    wrong = wanted ^ effects.keys()
    count.figures |= {"effects due": len(wanted), "effects in the ledger": len(effects)}
    count.expect(not doubled, f"took effect more than once: {doubled[:1]}")
    count.expect(not wrong, f"outcome and ledger differ: {sorted(wrong)[:1]}")
    refused = {
        op
        for op, one in receipts.items()
        if one["status"] in ("rejected_locked", "forbidden")
        or (one["kind"] == "correction.propose" and one["status"] == "applied")
    }
    proposals = [str(op) for (op,) in server.sql("SELECT op FROM proposals") if op in receipts]
    count.figures |= {"refusals and requests": len(refused), "proposals": len(proposals)}
    count.expect(len(set(proposals)) == len(proposals), "an operation has two proposals")
    differ = refused ^ set(proposals)
    count.expect(not differ, f"refusal without proposal, or the reverse: {sorted(differ)[:1]}")


def _count_photos(
    server: Server, officers: list[Officer], receipts: dict[str, dict[str, Any]], count: Count
) -> None:
    declared = {
        one["payload"]["photo"]["sha256"]
        for one in receipts.values()
        if one["kind"] == "photo.attach" and one["status"] != "invalid"
    }
    stored = {str(sha) for (sha,) in server.sql("SELECT sha256 FROM blobs")}
    on_phones = {sha for officer in officers for sha in officer.line.photos}
    waiting = declared - stored
    files = _hash_files(server)
    untrue = stored - files
    count.figures |= {
        "photos declared": len(declared),
        "photos stored": len(stored & declared),
        "bytes destroyed on a phone, on record": len(waiting - on_phones),
        "photos hashed again on disk": len(stored & files),
    }
    count.expect(not waiting & on_phones, f"photo never arrived: {sorted(waiting & on_phones)[:1]}")
    count.expect(not untrue, f"stored photo is not its hash: {sorted(untrue)[:1]}")
    told = {
        str(entity).partition(":")[2]: _json(fields)["stored"]
        for entity, fields in server.sql(STANDING)
    }
    false = sorted(sha for sha, is_stored in told.items() if is_stored != (sha in stored))
    count.expect(not false, f"row says otherwise than the photo store: {false[:1]}")


def _hash_files(server: Server) -> set[str]:
    """The hash of every file in the photo store."""
    files = (path for path in (server.home / "blobs").rglob("*") if path.is_file())
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _count_rows(server: Server, officers: Iterable[Officer], count: Count) -> None:
    spaces = dict(server.sql("SELECT name, digest FROM spaces"))
    contents: dict[str, str] = {}
    compared = 0
    for officer in officers:
        for space, rows in officer.phone.kept.rows.items():
            marks = (Mark(row["t"], row["id"], row["seq"]) for row in rows.values())
            is_equal = digest_space(marks) == spaces.get(space, EMPTY_DIGEST)
            count.expect(is_equal, f"{officer.role} {space}: digests differ")
            text = json.dumps({key: _shown(row) for key, row in rows.items()}, sort_keys=True)
            # one's own department's sheet is told whole, another's emptied
            of_whom = str([row["fields"].get("may") for row in rows.values()])
            is_equal = contents.setdefault(f"{space} {of_whom}", text) == text
            count.expect(is_equal, f"{officer.role} {space}: rows differ from another phone's")
            compared += len(rows)
    count.figures["rows compared on phones"] = compared


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """Without what differs by person (``may``) and by when it was read."""
    fields = {name: value for name, value in row["fields"].items() if name not in ("may", "door")}
    return {**row, "fields": fields, "epoch": None}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
