"""Reads the server's tables after each step and knows by itself what must hold in them.

Nothing here calls the code that decides: the ledger is walked line by line, and each line must
follow from the operation it names and from the rows as they stood before it.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from server.accounts.models import Device
from server.db import db
from server.fieldsync.models import LedgerEntry, Proposal, Receipt
from tests.model.breach import Breach
from tests.model.house import House

Json = dict[str, Any]
KEPT_AS_PROPOSAL = ("rejected_locked", "forbidden")
WITHOUT_ROWS = ("device.lost", "correction.propose")
AFTER_LOCK = ("merged", "rejected_locked", "forbidden", "invalid", "held")
ABOUT_SHEET = ("answer", "photo", "signature", "checkin", "sheet")


class Witness:
    """``state`` are the rows as the ledger says they stand; ``verdicts`` what each receipt said."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.allowed_incidents: set[str] = set()
        self.restart()

    def restart(self) -> None:
        """Another database is under the server: what it holds is the beginning."""
        self.state: dict[str, dict[str, Json]] = {}
        self.receipts: dict[str, Any] = {}
        self.verdicts: dict[str, Json] = {}
        self.lines: set[tuple[str, str]] = set()
        self.locked: dict[str, str] = {}  # sheet → the operation that locked it
        self.resolved: set[str] = set()
        self.last_line = 0
        self.numbers: dict[str, int] = {}
        self.revoked: set[int] = set()  # persons one of whose phones was stopped
        self.is_first = self.house.is_touched = True
        self.look()
        self.is_first = False

    def look(self) -> None:
        """Raises ``Breach`` for the first thing that does not hold."""
        if not self.house.is_touched:
            return
        with self.house.app.app_context():
            receipts = db.session.execute(select(Receipt.__table__)).all()
            query = select(LedgerEntry.__table__).where(LedgerEntry.id > self.last_line)
            lines = db.session.execute(query.order_by(LedgerEntry.id)).all()
            proposals = db.session.execute(select(Proposal.op, Proposal.payload)).all()
            devices = db.session.execute(select(Device.__table__)).all()
        found = {one.op: one for one in receipts}
        self.numbers = {one.id: one.last_seq for one in devices}
        self.revoked = {one.person_id for one in devices if one.revoked_at is not None}
        self._check_receipts(found)
        self.receipts = found
        locked_before = set(self.locked)
        for line in lines:
            self._walk(line)
        if not self.is_first:
            self._check_after_lock(found, locked_before)
        self._check_effects(found)
        self._check_proposals(found, proposals)
        self.verdicts = {one.op: one.outcome for one in receipts if one.status != "held"}
        self.house.is_touched = False

    def decided(self) -> set[str]:
        return set(self.verdicts)

    def _check_receipts(self, found: dict[str, Any]) -> None:
        gone = self.receipts.keys() - found.keys()
        if gone:
            raise Breach("I15", f"receipts are gone: {sorted(gone)}")
        users: dict[tuple[str, int], str] = {}
        for op, one in found.items():
            before = self.verdicts.get(op)
            if before is not None and before != one.outcome:
                raise Breach("I21", f"{op} was {before}, is {one.outcome}")
            if one.seq == 0 or one.side_device is not None:
                continue  # made at a desk, or under a side identity
            other = users.setdefault((one.device, one.seq), op)
            if other != op:
                raise Breach("I9", f"{one.device} {one.seq} belongs to {other} and to {op}")
            if one.status != "held" and self.numbers[one.device] < one.seq:
                raise Breach(
                    "I13", f"{op} is decided, its phone stands at {self.numbers[one.device]}"
                )
            incident = one.outcome.get("error", {}).get("code") == "server.error"
            if incident and op not in self.allowed_incidents:
                raise Breach("I12", f"{op} met a defect nobody ordered: {one.outcome}")

    def _walk(self, line: Any) -> None:
        self.last_line = line.id
        if (line.space, line.op) in self.lines:
            raise Breach("I2", f"{line.op} took effect twice in {line.space}")
        self.lines.add((line.space, line.op))
        rows = self.state.setdefault(line.space, {})
        receipt = self.receipts.get(line.op)
        op = json.loads(receipt.payload) if receipt is not None else {}
        for effect in line.effect:
            before = rows.get(effect["id"])
            if line.space.startswith("insp:"):
                self._check_lock(line.op, effect, before)
                if effect["t"] == "answer":
                    self._check_answer(line.op, op, effect, before)
            rows[effect["id"]] = {**effect, "seq": line.space_seq}

    def _check_lock(self, op: str, effect: Json, before: Json | None) -> None:
        sheet = effect["id"][6:] if effect["t"] == "sheet" else effect["sheet"]
        if effect["t"] in ABOUT_SHEET and sheet in self.locked:
            raise Breach("I3", f"{op} changed {effect['id']} after {self.locked[sheet]} locked it")
        if effect["t"] == "sheet" and effect["fields"]["state"] == "entered":
            self.locked[sheet] = op

    def _check_answer(self, op_id: str, op: Json, effect: Json, before: Json | None) -> None:
        heads = before["heads"] if before else {}
        values = before["fields"] if before else {}
        for name, head in effect["heads"].items():
            if head == heads.get(name):
                if effect["fields"].get(name) != values.get(name):
                    raise Breach("I11", f"{effect['id']}.{name} changed, its head did not")
                continue
            if head != op_id or effect["fields"][name] != op.get("fields", {}).get(name):
                raise Breach("I11", f"{effect['id']}.{name} is not what {op_id} wrote")
            if op["base"].get(name) != heads.get(name):
                raise Breach("I8", f"{op_id} replaced {heads.get(name)} unseen in {effect['id']}")
        lost = {one["op"]: one["fields"] for one in (before or {}).get("siblings", [])}
        kept = {one["op"]: one["fields"] for one in effect["siblings"]}
        for sibling in lost.keys() - kept.keys():
            if sibling not in op.get("resolves", []):
                raise Breach("I8", f"{op_id} dropped the version of {sibling} unasked")
            self.resolved.add(sibling)
        for sibling in kept.keys() - lost.keys():
            if sibling != op_id or not kept[sibling].items() <= op["fields"].items():
                raise Breach("I8", f"{effect['id']} keeps {sibling} as it never was")

    def _check_after_lock(self, found: dict[str, Any], locked: set[str]) -> None:
        for op, one in found.items():
            if op in self.verdicts or one.kind != "answer.set" or one.status in AFTER_LOCK:
                continue
            sheet = json.loads(one.payload)["entity"].partition(":")[2].partition("/")[0]
            if sheet in locked:
                raise Breach("I3", f"{op} came after the lock of {sheet} and is {one.status}")

    def _check_effects(self, found: dict[str, Any]) -> None:
        for (space, op), one in ((key, found.get(key[1])) for key in self.lines):
            if one is None:
                if space.startswith("insp:"):
                    raise Breach("I13", f"{op} took effect without a receipt")
            elif space == one.space and one.status not in ("applied", "conflict"):
                raise Breach("I13", f"{op} is {one.status} and took effect")
        for op, one in found.items():
            has_rows = "space_seq" in one.outcome
            if one.status == "applied" and not has_rows and one.kind not in WITHOUT_ROWS:
                raise Breach("I13", f"{op} is applied without a number")
            if has_rows and (one.space, op) not in self.lines:
                raise Breach("I13", f"{op} is {one.status}, the ledger does not know it")

    def _check_proposals(self, found: dict[str, Any], proposals: Any) -> None:
        kept: dict[str, Json] = {}
        for op, payload in proposals:
            if op in kept:
                raise Breach("I4", f"{op} has two proposals")
            kept[op] = payload
        for op, one in found.items():
            asks = one.kind == "correction.propose" and one.status == "applied"
            if (one.status in KEPT_AS_PROPOSAL or asks) != (op in kept):
                raise Breach("I4", f"{op} is {one.status}; proposal: {op in kept}")
            if op in kept and _plain(kept[op]) != _plain(json.loads(one.payload)):
                raise Breach("I4", f"the proposal of {op} says something else")
            if op in kept and not self._is_shown(one):
                raise Breach("I27", f"the proposal of {op} is not in its author's space")

    def _is_shown(self, one: Any) -> bool:
        rows = self.state.get(f"user:{one.person_id}", {})
        row = rows.get(f"proposal:{one.outcome['proposal']}")
        return row is not None and row["fields"]["op"] == one.op


def _plain(op: Json) -> Json:
    return {k: v for k, v in op.items() if k not in ("seq", "prev", "mono_ms")}
