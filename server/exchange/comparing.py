"""Comparing a file's rows with a register: per row what it would do, why it cannot, and what
somebody has to decide. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.access import Actor
from domain.similar_names import is_near, plain_name
from domain.tabular import CLEARED, CellRefused
from domain.tabular_rows import RowKind, compare_row
from server.exchange.spec import Column, Problem, Register
from server.registry import service as registry

SIMILAR, FORMER, OUT_OF_USE = "similar", "former_key", "out_of_use"  # what rows ask about
Judged = dict[str, Any]
MOST_SIMILAR = 3  # shown for one row
MOST_COMPARED = 200  # of one set of initials: a file of one name a thousand times must end, too


class Comparison:
    """The register as it stands, by every handle a row may have, and what the rows so far said."""

    def __init__(
        self,
        actor: Actor | None,
        register: Register,
        mapping: Sequence[str],
        today: date,
        entries: list[dict[str, Any]] | None = None,
    ) -> None:
        """``entries`` are those to compare with, where it is not the whole register."""
        self._register = register
        self._today = today
        self._columns: list[Column | None] = [
            register.column(name) if name else None for name in mapping
        ]
        self.lookup = register.build_lookup(actor)
        extra = ["name_initials"] if register.has_similar_names else []
        if entries is None:
            entries = registry.list_entries(actor, register.model, [*register.fields, *extra])
        self._by_key = {register.key_of(entry): entry for entry in entries}
        self._by_former = {
            key: entry for entry in entries for key in entry.get(register.former) or ()
        }
        self._owners: dict[str, dict[Any, dict[str, Any]]] = {
            name: {one[name]: one for one in entries if one[name] is not None}
            for name in register.unique
        }
        self._seen: dict[tuple[str, Any], int] = {}
        known = [entry for entry in entries if not register.is_mistaken(entry)]
        self._names = _Names(register.key, known) if register.has_similar_names else None

    def judge(self, row_no: int, cells: list[str]) -> Judged | None:
        """The row as it is stored; None for a blank line."""
        if not any(cells):
            return None
        values, problems = self._read(cells)
        key = self._register.key_of(values)
        current = self._by_key.get(key) if key is not None else None
        shown = self._key_text(values, cells)
        if current is None and self._register.history:
            current = self._by_former.get(key)
            if current is not None:  # a list of before: it means the firm by its code of then
                key = values[self._register.key] = current[self._register.key]
                shown = f"{shown} → {key}"
        if key is not None:
            problems += self._clashes(row_no, values, current)
            problems += self._missing(values, current, problems)
        asks: list[dict[str, Any]] = []
        if not problems:
            restored = self._restore(values, current)
            problems += self._finish(values, current)
            asks += restored
        kind, changes = compare_row(current, values)
        initials, label = "", self._register.label
        if problems or key is None:
            kind, changes, asks = RowKind.ERROR, {}, []
        elif kind is RowKind.NEW and self._names is not None:
            initials = registry.initials_of(values["name"])
            asks += self._former(key)
            asks += [
                one
                for one in self._names.similar(row_no, values, initials)
                if "entry" not in one or one["entry"] not in [ask.get("entry") for ask in asks]
            ]
        return {
            "row_no": row_no,
            "kind": str(kind),
            "key": shown[:64],
            "name": (values.get(label) or self._raw(cells, label))[:120],
            "cells": cells,
            "values": {**values, "name_initials": initials} if initials else values,
            "changes": changes,
            "problems": [
                {
                    "field": one.field,
                    "column": self._register.header_of(one.field) if one.field else "",
                    "code": one.code,
                    "details": dict(one.details),
                }
                for one in problems
            ],
            "asks": asks,
            "has_asks": bool(asks),
            "entry_id": current["id"] if current else None,
        }

    def judge_as(self, cells: list[str], current: dict[str, Any], ask: Judged) -> Judged:
        """What of the stored row is different where somebody says that it is this entry: its key
        becomes the entry's and the old one a former one, unless the file's is the older."""
        values, _problems = self._read(cells)
        key, former = self._register.key, self._register.former
        if ask["what"] == FORMER:
            values.pop(key)
        else:
            kept = values.get(former, current[former])
            values[former] = [*(one for one in kept if one != current[key]), current[key]]
        self._finish(values, current)
        kind, changes = compare_row(current, values)
        return {
            "kind": str(kind),
            "values": values,
            "changes": changes,
            "entry_id": current["id"],
        }

    def remember(self, row_no: int, cells: list[str]) -> None:
        """A row judged before an interruption: its handles are taken again."""
        values, _problems = self._read(cells)
        for name, value in self._handles(values):
            self._seen.setdefault((name, value), row_no)
        key = self._register.key_of(values)
        if self._names is not None and key not in self._by_key and values.get("name"):
            self._names.add(row_no, values, registry.initials_of(values["name"]))

    def _finish(self, values: dict[str, Any], current: dict[str, Any] | None) -> list[Problem]:
        """Adds what follows from the rest; says what does not fit together."""
        self._register.complete(values, current, self.lookup, self._today)
        problems: list[Problem] = []
        for problem in self._register.check(values, current, self.lookup):
            if not any(one.field == problem.field for one in problems):
                problems.append(problem)
        return problems

    def _former(self, key: Any) -> list[dict[str, Any]]:
        entry = self._by_former.get(key)
        if entry is None:
            return []
        named = {"name": entry["name"], "key": entry[self._register.key]}
        return [{"what": FORMER, "entry": entry["id"], **named}]

    def _read(self, cells: list[str]) -> tuple[dict[str, Any], list[Problem]]:
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for column, text in zip(self._columns, cells, strict=False):
            if column is None or column.show or not text:
                continue
            try:
                is_cleared = text == CLEARED and not column.is_required
                values[column.field] = (
                    column.empty if is_cleared else column.read(text, self.lookup)
                )
            except CellRefused as refused:
                problems.append(Problem(column.field, refused.code, refused.details))
        if len(cells) > len(self._columns):
            found, expected = len(cells), len(self._columns)
            problems.append(Problem("", "plan.ragged", {"found": found, "expected": expected}))
        told = {one.field for one in problems}
        missing = [
            Problem(name, "plan.blank")
            for name in self._register.key_fields
            if name not in values and name not in told
        ]
        return values, [*missing, *problems]

    def _handles(self, values: dict[str, Any]) -> list[tuple[str, Any]]:
        """What no two rows may share, each by the field that is told of it."""
        register = self._register
        found = [(register.key_fields[-1], register.key_of(values))]
        found += [(name, values.get(name)) for name in register.unique]
        return [(name, value) for name, value in found if value is not None]

    def _key_text(self, values: dict[str, Any], cells: list[str]) -> str:
        """The key as the file has it, for whoever looks for the row."""
        parts = (
            self._register.column(name).dump(values[name], self.lookup)
            if name in values
            else self._raw(cells, name)
            for name in self._register.key_fields
        )
        return " · ".join(part for part in parts if part)

    def _clashes(
        self, row_no: int, values: dict[str, Any], current: dict[str, Any] | None
    ) -> list[Problem]:
        problems = []
        for name, value in self._handles(values):
            first = self._seen.setdefault((name, value), row_no)
            if first != row_no:
                problems.append(Problem(name, "plan.duplicate", {"other": first}))
            owner = self._owners.get(name, {}).get(value)
            if owner is not None and (current is None or owner["id"] != current["id"]):
                taken = {"name": owner[self._register.label]}
                problems.append(Problem(name, "cell.taken", taken))
        return problems

    def _missing(
        self,
        values: dict[str, Any],
        current: dict[str, Any] | None,
        problems: list[Problem],
    ) -> list[Problem]:
        if current is not None:
            return []
        if self._register.history:
            unknown = {"text": values[self._register.key]}
            return [Problem(self._register.key, "cell.unknown_firm", unknown)]
        told = {one.field for one in problems}
        return [
            Problem(column.field, "plan.blank")
            for column in self._register.columns
            if column.is_required and column.field not in values and column.field not in told
        ]

    def _restore(
        self, values: dict[str, Any], current: dict[str, Any] | None
    ) -> list[dict[str, Any]]:
        """An entry out of use that a file names without a word on its state: old lists would bring
        back what was closed, so somebody is asked. Nobody is where an undo took it out."""
        if current is None or any(name in values for name in self._register.restored):
            return []
        is_mistaken = self._register.is_mistaken(current)
        if not is_mistaken and not self._register.is_retired(current):
            return []
        values.update(self._register.restored)
        name = current[self._register.label]
        return [] if is_mistaken else [{"what": OUT_OF_USE, "entry": current["id"], "name": name}]

    def _raw(self, cells: list[str], name: str) -> str:
        for column, text in zip(self._columns, cells, strict=False):
            if column is not None and column.field == name:
                return text
        return ""


class _Names:
    """Names of entries and of new rows, by what is left of them and by their initials."""

    def __init__(self, key: str, entries: list[dict[str, Any]]) -> None:
        self._key = key
        self._by_plain: dict[str, list[dict[str, Any]]] = {}
        self._by_initials: dict[str, list[dict[str, Any]]] = {}
        for one in entries:
            known = {"entry": one["id"], "name": one["name"], "key": one[key]}
            self._keep(known, one["name_initials"])

    def _keep(self, known: dict[str, Any], initials: str) -> None:
        self._by_plain.setdefault(plain_name(known["name"]), []).append(known)
        if initials:
            self._by_initials.setdefault(initials, []).append(known)

    def add(self, row_no: int, values: dict[str, Any], initials: str) -> None:
        known = {"row": row_no, "name": values["name"], "key": values[self._key]}
        self._keep(known, initials)

    def similar(self, row_no: int, values: dict[str, Any], initials: str) -> list[dict[str, Any]]:
        """What the new name may be another spelling of; it is known from here on."""
        name = plain_name(values["name"])
        found = list(self._by_plain.get(name, []))
        for known in self._by_initials.get(initials, [])[:MOST_COMPARED]:
            if known not in found and is_near(name, plain_name(known["name"])):
                found.append(known)
        self.add(row_no, values, initials)
        return [{"what": SIMILAR, **known} for known in found[:MOST_SIMILAR]]
