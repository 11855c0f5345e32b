"""队伍 as a table: who sits in which team of which department (R113)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from domain.access import Action, Actor
from domain.identifiers import normalise_certificate
from domain.tabular import CellRefused, read_choice, read_text, refuse_cut, split_words
from server.exchange.officers import department_lookup, read_department
from server.exchange.spec import Column, Lookup, Problem, Register, Values
from server.organisation.models import Team
from server.organisation.service import list_team_ids, list_teams
from server.registry.models import Officer
from server.registry.service import list_entries, list_referred

STATES = {"yes": "在用", "no": "已撤销"}
_WITH_NUMBER = re.compile(r"(.*?)[(（]([0-9A-Za-z]+)[)）]")


def _read_officer(text: str, lookup: Lookup) -> int | str:
    """By certificate number, which may stand behind the name. A name alone stays one until the
    team's department is known."""
    refuse_cut(text)
    match = _WITH_NUMBER.fullmatch(text)
    number = normalise_certificate(match[2] if match else text)
    if (found := lookup["certificates"].get(number)) is not None:
        return int(found)
    if match or text not in lookup["people"]:
        raise CellRefused("cell.unknown_officer", name=text)
    return text


def _read_officers(text: str, lookup: Lookup) -> list[int | str]:
    return [_read_officer(word, lookup) for word in split_words(text)]


def _dump_officer(value: int | None, lookup: Lookup) -> str:
    officer = lookup["officers"].get(value)
    return f"{officer['name']}（{officer['cert_no']}）" if officer else ""


COLUMNS = (
    Column(
        "department_id",
        "单位",
        read_department,
        ("部门", "所属单位", "所属部门"),
        lambda value, lookup: lookup["department_names"].get(value, ""),
        is_required=True,
        words=lambda lookup: list(lookup["department_names"].values()),
        hint="单位全称、简称或代码",
        width=24,
    ),
    Column(
        "name",
        "队伍名称",
        lambda text, _lookup: read_text(text, 60),
        ("队伍", "股所", "检查组", "名称"),
        is_required=True,
        width=20,
    ),
    Column(
        "officer_ids",
        "成员",
        _read_officers,
        ("人员", "队员", "成员执法证号"),
        lambda value, lookup: "、".join(_dump_officer(one, lookup) for one in value or []),
        empty=[],
        hint="执法证号，或姓名（执法证号），或本单位不重名的姓名；用顿号隔开。在其他队伍的随之调入本队",
        width=60,
    ),
    Column(
        "lead_officer_id",
        "负责人",
        _read_officer,
        ("队长", "组长", "负责人执法证号"),
        _dump_officer,
        empty=None,
        hint="写法同成员，须在成员之中",
        width=24,
    ),
    Column(
        "is_active",
        "状态",
        lambda text, _lookup: read_choice(text, STATES) == "yes",
        dump=lambda value, _lookup: STATES["yes" if value else "no"],
        words=lambda _lookup: list(STATES.values()),
        empty=True,
        hint="已撤销的队伍没有成员",
        width=10,
    ),
)


def _build_lookup(actor: Actor | None) -> Lookup:
    found = list_entries(actor, Officer, ["name", "cert_no", "department_id"])
    people: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        people.setdefault(one["name"], []).append(one)
    return {
        **department_lookup(),
        "officers": {one["id"]: one for one in found},
        "certificates": {one["cert_no"]: one["id"] for one in found},
        "people": people,
    }


def _complete(values: dict[str, Any], current: Values | None, lookup: Lookup, _today: date) -> None:
    """Names become people of the team's department where there is one only; a team that is no more
    has nobody."""
    home = values["department_id"]

    def known(one: Any) -> Any:
        same = [p["id"] for p in lookup["people"].get(one, ()) if p["department_id"] == home]
        return same[0] if len(same) == 1 else one

    if "officer_ids" in values:
        found = {known(one) for one in values["officer_ids"]}
        values["officer_ids"] = sorted(found, key=lambda one: (isinstance(one, str), one))
    if "lead_officer_id" in values:
        values["lead_officer_id"] = known(values["lead_officer_id"])
    was_active = current is None or current["is_active"]
    if not values.get("is_active", was_active):
        values["officer_ids"], values["lead_officer_id"] = [], None
    elif (
        current
        and "officer_ids" in values
        and current["lead_officer_id"] not in (None, *values["officer_ids"])
    ):
        values.setdefault("lead_officer_id", None)  # who leaves the team leads it no more


def _check(values: Values, current: Values | None, lookup: Lookup) -> Iterator[Problem]:
    """Everybody is one person, and of the team's department; the lead is in the team."""
    home = values["department_id"]
    for one in values.get("officer_ids", []):
        yield from _misfit("officer_ids", one, home, lookup)
    lead = values.get("lead_officer_id")
    if lead is None:
        return
    yield from _misfit("lead_officer_id", lead, home, lookup)
    if lead not in values.get("officer_ids", (current or {}).get("officer_ids", [])):
        name = lookup["officers"].get(lead, {}).get("name", lead)
        yield Problem("lead_officer_id", "cell.lead_elsewhere", {"name": name})


def _misfit(field: str, one: int | str, home: int, lookup: Lookup) -> Iterator[Problem]:
    if isinstance(one, str):
        of_home = [p for p in lookup["people"][one] if p["department_id"] == home]
        if of_home:
            yield Problem(field, "cell.same_name", {"n": len(of_home), "name": one})
        else:
            yield Problem(field, "team.officer_elsewhere", {"name": one})
    elif lookup["officers"][one]["department_id"] != home:
        yield Problem(field, "team.officer_elsewhere", {"name": lookup["officers"][one]["name"]})


def _list_left(_actor: Actor | None, said: Sequence[Values]) -> list[tuple[Any, Values]]:
    """Teams the file says nothing of that lose people to those it does."""
    told = {values["id"] for values in said if "id" in values and "officer_ids" in values}
    taken = {one for values in said for one in values.get("officer_ids", [])}
    left: list[tuple[Any, Values]] = []
    for team in list_teams():
        if team.id not in told and taken & set(team.officer_ids):
            values: dict[str, Any] = {
                "officer_ids": [one for one in team.officer_ids if one not in taken]
            }
            if team.lead_officer_id in taken:
                values["lead_officer_id"] = None
            left.append((team, values))
    return left


def _list_filtered(_actor: Actor, wanted: Mapping[str, str]) -> list[int] | None:
    return list_team_ids(*(wanted.get(name, "") for name in ("q", "department", "state")))


TEAMS = Register(
    code="teams",
    title="队伍",
    model=Team,
    key="department_id",
    with_key=("name",),
    columns=COLUMNS,
    write=Action.ORGANISATION_WRITE,
    build_lookup=_build_lookup,
    check=_check,
    complete=_complete,
    silent=lambda _values: {},
    is_retired=lambda entry: not entry.get("is_active", True),
    retired={"is_active": False, "officer_ids": [], "lead_officer_id": None},
    restored={"is_active": True},
    list_in_use=lambda _actor, ids: list_referred(Team, ids, ("team_officers",)),
    list_filtered=_list_filtered,
    is_taken_away=True,
    has_objects=True,
    effects=_list_left,
)
