"""What became of one entry of any register, told in the words of its file (R001 动态管理)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.access import Actor
from domain.errors import fault
from server.exchange import words
from server.exchange.registers import get_register
from server.exchange.spec import Lookup, Register
from server.i18n import translate as _
from server.registry.service import RegisterChange, is_end, list_changes, load_entries


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its name, what it said, what it says."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """One change; ``by`` is a person's number, None for the command line."""

    at: datetime
    what: str
    by: int | None
    note: str
    icon: str
    tone: str
    lines: tuple[Line, ...]


def tell_entry(actor: Actor, code: str, entry_id: int) -> tuple[Register, str, list[Told]]:
    """The register, the entry's name and its history, the newest first; one that left the register
    still has its own. Raises ``request.not_found``."""
    register = get_register(code)
    changes = list_changes(actor, register.subject, entry_id)
    entry = load_entries(actor, register.model, [entry_id]).get(entry_id)
    if entry is None and not changes:
        raise fault("request.not_found")
    mine = _of_this_entry(register, changes, has_entry=entry is not None)
    lookup = register.build_lookup(actor)
    name = getattr(entry, register.label) if entry else _last(register, mine)
    return register, name, [_tell(register, lookup, one) for one in mine]


def _of_this_entry(
    register: Register, changes: Sequence[RegisterChange], *, has_entry: bool
) -> list[RegisterChange]:
    """SQLite gives the number of an entry that left to the next one: what ended is another's."""
    found: list[RegisterChange] = []
    for one in changes:
        if is_end(one.changes, register.key) and (has_entry or found):
            break
        found.append(one)
    return found


def _last(register: Register, changes: Sequence[RegisterChange]) -> str:
    said = (one.changes[register.label][0] for one in changes if register.label in one.changes)
    return str(next(said, ""))


def _tell(register: Register, lookup: Lookup, change: RegisterChange) -> Told:
    kind, _colon, number = change.source.partition(":")
    has_begun = change.changes.get(register.key, [""])[0] is None
    has_ended = is_end(change.changes, register.key)
    lines = [
        Line(label, _word(old), _word(new))
        for label, old, new in words.shown_changes(register, lookup, change.changes)
        if old or new
    ]
    return Told(
        at=change.changed_at,
        what=_what(kind, number, has_begun, has_ended),
        by=change.changed_by,
        note=_("原因：{reason}", reason=change.reason) if change.reason else "",
        icon="plus" if has_begun else "returned" if kind == "undo" else "pen",
        tone="ok" if has_begun else "plain",
        lines=tuple(lines),
    )


def _word(text: str | None) -> str:
    """A state or part has its word in the reader's language; what people wrote stays as it is."""
    return _(text) if text else ""


def _what(kind: str, number: str, has_begun: bool, has_ended: bool) -> str:
    if kind == "import":
        text = _("第 {n} 号导入新增") if has_begun else _("第 {n} 号导入更新")
        return text.format(n=number)
    if kind == "undo":
        text = _("第 {n} 号导入已撤销，移出") if has_ended else _("第 {n} 号导入已撤销，恢复原值")
        return text.format(n=number)
    if has_begun:
        return _("登记入库")
    return _("移出") if has_ended else _("修改")
