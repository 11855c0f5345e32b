"""Use cases: reading and changing what a county sets for itself (domain.md part 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access import Action, Actor
from domain.county_settings import SETTINGS, Setting, read_setting
from domain.errors import Fault, fault
from domain.setting_values import check_setting
from domain.terms import TERM_KEYS
from server.accounts.service import (
    get_jurisdiction,
    list_person_names,
    lock_jurisdiction,
    write_settings,
)
from server.audit.service import list_events, write_event
from server.db import unit_of_work
from server.deadlines.resetting import resetting
from server.guard import require

EVENT = "setting.changed"


@dataclass(frozen=True, slots=True)
class SettingView:
    """``value`` is what holds now; ``is_own`` where it is not the default."""

    setting: Setting
    value: Any
    is_own: bool


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One change as it stands in the audit log."""

    at: datetime
    who: str
    key: str
    old: Any
    new: Any


class RefusedSettings(Exception):
    """Nothing was stored; each setting's own reason by its key."""

    def __init__(self, refused: Mapping[str, Fault]) -> None:
        super().__init__()
        self.refused = refused


def read(actor: Actor, key: str) -> Any:
    """What holds in the actor's county."""
    return read_setting(get_jurisdiction(actor.jurisdiction_id).settings, key)


def list_settings(actor: Actor) -> list[SettingView]:
    """All of them, in the order of the page."""
    own = get_jurisdiction(actor.jurisdiction_id).settings
    return [
        SettingView(one, read_setting(own, one.key), own.get(one.key, one.default) != one.default)
        for one in SETTINGS.values()
    ]


def version_of(actor: Actor) -> int:
    """Grows with each change: two people who change the settings at once are told."""
    newest = _events(actor, 1)
    return newest[0].id if newest else 0


def list_history(actor: Actor, limit: int = 50) -> list[SettingChange]:
    """The newest first."""
    events = _events(actor, limit)
    names = list_person_names({one.person_id for one in events if one.person_id})
    return [
        SettingChange(
            one.at,
            names.get(one.person_id or 0, ""),
            str(one.details["key"]),
            one.details["old"],
            one.details["new"],
        )
        for one in events
    ]


def save(actor: Actor, typed: Mapping[str, Any], version: int) -> int:
    """Stores what was typed, all of it or nothing; answers how many settings became different.

    A value like the default is not stored, so that a later default holds. Raises RefusedSettings
    and ``setting.changed_meanwhile`` where ``version`` is not the newest any more.
    """
    require(actor, Action.SETTING_WRITE)
    checked, refused = {}, {}
    for key, value in typed.items():
        try:
            checked[key] = check_setting(key, value)
        except Fault as reason:
            refused[key] = reason
    if refused:
        raise RefusedSettings(refused)
    with unit_of_work():
        lock_jurisdiction(actor.jurisdiction_id)
        if version_of(actor) != version:
            raise fault("setting.changed_meanwhile")
        if not TERM_KEYS & checked.keys():
            return _store(actor, checked)
        with resetting(actor.jurisdiction_id, actor.person_id):
            return _store(actor, checked)


def _store(actor: Actor, checked: Mapping[str, Any]) -> int:
    settings = dict(get_jurisdiction(actor.jurisdiction_id).settings)
    changed = 0
    for key, value in checked.items():
        old = read_setting(settings, key)
        if value == old:
            continue
        settings[key] = value
        if value == SETTINGS[key].default:
            del settings[key]
        changed += 1
        write_event(
            actor.jurisdiction_id, actor.person_id, EVENT, _target(actor), key=key, old=old,
            new=value,
        )  # fmt: skip
    if changed:
        write_settings(actor.jurisdiction_id, settings)
    return changed


def _events(actor: Actor, limit: int) -> list[Any]:
    return [one for one in list_events(_target(actor), limit) if one.action == EVENT]


def _target(actor: Actor) -> str:
    return f"settings:{actor.jurisdiction_id}"
