"""The third long work: taking an import back, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from domain.access import Actor
from domain.tabular_rows import undo_fields
from server.audit.service import write_event
from server.db import unit_of_work
from server.exchange.importing import get_import, lock_import
from server.exchange.keepers import is_anothers
from server.exchange.models import ImportState
from server.exchange.registers import get_register
from server.exchange.spec import Register
from server.registry import service as registry
from server.registry.service import owner_of, person_id_of, take_turns

MOST_LEFT = 500  # listed one by one; beyond it they are counted


@dataclass(slots=True)
class _Plan:
    """What goes back, what goes out of use, what goes for good, and what is left as it is."""

    back: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    retired: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)


def undo(actor: Actor | None, import_id: int) -> None:
    """Gives back what nobody changed since; takes new entries that nothing refers to out of use, or
    off the register. The rest is listed in the report and left as it is."""
    one = get_import(actor, import_id)
    register = get_register(one.register)
    told = registry.list_changes_of(actor, register.subject, one.source)
    with unit_of_work():
        take_turns(owner_of(actor))
        one = lock_import(actor, import_id, ImportState.UNDOING, ImportState.UNDONE)
        if one.state == ImportState.UNDONE:
            return
        plan, source = _plan(actor, register, told, one.source), f"undo:{one.id}"
        written = _write(actor, register, [*plan.back, *plan.retired], source)
        _take_away(actor, register, plan.gone, source)
        restored = written - len(plan.retired)
        if register.aside:
            restored += register.aside.take_back(actor, one.source)
        counts = {"restored": restored, "withdrawn": len(plan.retired) + len(plan.gone)}
        left = {"left": plan.left[:MOST_LEFT], "left_count": len(plan.left)}
        one.state = ImportState.UNDONE
        one.report = {**one.report, **counts, **left}
        event = f"{register.code}.import_undone"
        write_event(
            owner_of(actor), person_id_of(actor), event, one.source, **counts, left=len(plan.left)
        )


def _plan(
    actor: Actor | None,
    register: Register,
    told: list[tuple[int, dict[str, list[Any]]]],
    source: str,
) -> _Plan:
    ids = {entry_id for entry_id, _changes in told}
    entries = registry.load_entries(actor, register.model, ids)
    ended = registry.list_ended(actor, register.subject, source, register.key)
    in_use = register.list_in_use(actor, ids)
    kept_departments = registry.list_kept_departments(actor)
    plan = _Plan()
    for entry_id, changes in told:
        entry = entries.get(entry_id)
        if entry is None or entry_id in ended:
            name = str(changes.get(register.label, ["", ""])[1])
            plan.left.append({"entry": entry_id, "name": name, "why": "gone"})
            continue
        back, kept = undo_fields(registry.plain_values(entry, changes), changes)
        named = {"entry": entry_id, "name": getattr(entry, register.label)}
        if is_anothers(register, {}, entry, kept_departments):
            plan.left.append({**named, "why": "changed"})
            continue
        has_begun = changes.get(register.key, [""])[0] is None  # with this import
        if not has_begun:
            for name, (ours, now) in kept.items():
                plan.left.append({**named, "why": "field", "field": name, "ours": ours, "now": now})
            plan.back.append((entry, back))
        elif register.is_taken_away and entry_id in in_use and register.retired:
            plan.retired.append((entry, dict(register.retired)))
        elif entry_id in in_use or kept:
            plan.left.append({**named, "why": "referred" if entry_id in in_use else "changed"})
        elif register.is_taken_away:
            plan.gone.append(entry)
        else:
            plan.retired.append((entry, dict(register.retired)))
    return plan


def _write(
    actor: Actor | None,
    register: Register,
    wanted: list[tuple[Any, dict[str, Any]]],
    source: str,
) -> int:
    for entry, values in wanted:
        for name, value in register.silent(values).items():
            setattr(entry, name, value)
    stored = [(entry, registry.stored_values(register.model, values)) for entry, values in wanted]
    written = registry.apply_changes(actor, register.subject, stored, source)
    if register.tell:
        register.tell(actor, written, source)
    return len(written)


def _take_away(actor: Actor | None, register: Register, gone: list[Any], source: str) -> None:
    fields = [column.field for column in register.columns if not column.show]
    ends = registry.remove_entries(actor, register.subject, gone, fields, source)
    if register.tell:
        register.tell(actor, ends, source)
