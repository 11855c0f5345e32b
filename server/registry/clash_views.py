"""Two who edit one entry: the form comes back with what was typed and what others changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from server.accounts.directory import list_person_names
from server.boundary import whole_number
from server.i18n import format_instant
from server.i18n import translate as _
from server.registry.clashes import ChangedMeanwhile


class SeenForm(Protocol):
    """A form that carries the newest change its person saw, and shows a stored value."""

    seen: Any

    def take(self, name: str, value: Any) -> None:
        """Shows what is stored now in a field its person did not touch."""


def seen_in(text: str | None) -> int:
    """The version a form carries; what is no number has seen nothing."""
    try:
        return whole_number(text or "0")
    except ValueError:
        return 0


def catch_up(form: SeenForm, meanwhile: ChangedMeanwhile) -> None:
    """What was typed stays, what was not touched shows what is stored; the next attempt has seen
    it."""
    for clash in meanwhile.clashes:
        if not clash.is_typed:
            form.take(clash.name, clash.now)
    form.seen.data = str(meanwhile.version)


def tell_meanwhile(
    meanwhile: ChangedMeanwhile | None,
    words: Mapping[str, str],
    tell: Callable[[str, Any], str],
) -> list[dict[str, Any]]:
    """For the conflict's list: the field, what it said, what it says, who and when. Fields without
    a word are none a person typed."""
    if meanwhile is None:
        return []
    people = list_person_names({one.changed_by for one in meanwhile.clashes if one.changed_by})
    return [
        {
            "label": words[one.name],
            "old": tell(one.name, one.base) or _("（空）"),
            "new": tell(one.name, one.now) or _("（空）"),
            "note": f"{people.get(one.changed_by or 0, _('系统'))} · "
            f"{format_instant(one.changed_at)}",
            "warning": _("您也改了此栏，以您保存的为准") if one.is_typed else "",
        }
        for one in meanwhile.clashes
        if one.name in words
    ]
