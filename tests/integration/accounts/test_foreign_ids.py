"""Another county's record named inside a form: refused, and nothing is written.

Each form is sent twice, with an id of one's own, which is taken, and with the other county's in its
place. Every field of a form that takes the id of a record is in ``CASES``.
"""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask_wtf import FlaskForm

import server
from tests.integration.accounts.records import Bag
from tests.integration.accounts.walking import Counties

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """``field`` is the one in question; ``record`` the kind of record it names, as in a ``Bag``,
    or the query for one of its own county."""

    walker: str
    path: str
    data: Data
    field: str
    record: str
    own: str = ""
    write: Callable[[object], object] = str


TEAM: Data = {"name": "执法三中队", "seen": "0", "officer_ids": [], "lead_officer_id": "0"}
MEMBER: Data = {"role": "member", "name": "校验", "seen": "0", "since": "2026-04-01"}
OFFICER: Data = {"name": "校验", "cert_no": "14059900777", "seen": "0", "person_id": ""}
TRAINING: Data = {"kind": "officers", "held_on": "2026-04-01", "hours": "2", "name": "校验",
                  "content": "校验", "place": "会议室", "held_by": "局法治办"}  # fmt: skip
FREE = "SELECT id FROM officers WHERE department_id = :department ORDER BY id DESC"
CASES = [
    Case("tr office_staff", "/registry/officers/{officer_id}/recusals", {"reason": "亲属"},
         "firm_id", "firm_id"),
    Case("tr office_staff", "/clues/{clue_id}/firm", {"revision": "3"}, "firm_id", "firm_id"),
    Case("tr office_staff", "/clues/{clue_id}/steps/assign", {"revision": "3", "reason": "核实"},
         "department", "department_id"),
    Case("tr office_staff", "/registry/organisation/teams", TEAM, "department_id",
         "department_id"),
    Case("tr office_staff", "/registry/organisation/teams",
         {**TEAM, "department_id": "{department_id}"}, "officer_ids", "officer_id", FREE),
    Case("tr office_staff", "/registry/organisation/teams",
         {**TEAM, "department_id": "{department_id}", "officer_ids": ["{officer_id}"]},
         "lead_officer_id", "officer_id"),
    Case("tr office_staff", "/registry/organisation/group", MEMBER, "department_id",
         "department_id"),
    Case("tr office_staff", "/registry/officers/new", OFFICER, "department_id", "department_id"),
    Case("tr office_staff", "/registry/officers/new",
         {**OFFICER, "department_id": "{department_id}"}, "person_id", "person_id",
         "SELECT id FROM people WHERE account = 'tr-inspector'"),
    Case("tr office_staff", "/inspections/{open_visit}/assistants", {"task": "检测"}, "expert_id",
         "expert_id"),
    Case("tr office_staff", "/trainings/new", TRAINING, "attendee", "officer_id",
         write="officer-{}".format),
    Case("tr office_staff", "/trainings/new", TRAINING, "attendee", "person_id",
         "SELECT id FROM people WHERE account = 'tr-inspector'", "person-{}".format),
    Case("tr admin", "/accounts", {"account": "neu", "name": "校验", "roles": ["inspector"]},
         "department_id", "department_id"),
]  # fmt: skip
# They end in ``id`` and name no record of a county.
NO_RECORDS = {
    "item_id": "a code, looked up in the county's own list",
    "notice_id": "compared with the notice of the sheet in the address",
}


def own_of(counties: Counties, case: Case) -> object:
    bag = counties.bags["tr"]
    if not case.own:
        return bag.values[case.record]
    with sqlite3.connect(counties.path) as base:
        known = {"department": bag.values["department_id"], "county": bag.whole.jurisdiction_id}
        found: tuple[object] = base.execute(case.own, known).fetchone()
    base.close()
    return found[0]


def filled(value: object, bag: Bag) -> object:
    if isinstance(value, list):
        return [filled(one, bag) for one in value]
    # The joint visits follow each other; the fourth has not begun.
    known = {"open_visit": int(bag.values["inspection_id"]) + 3}
    return str(value).format(**known, **{k: v for k, v in bag.values.items() if "." not in k})


@pytest.mark.parametrize("case", CASES, ids=[f"{one.path} {one.field}" for one in CASES])
def test_a_form_takes_no_record_of_another_county(counties: Counties, case: Case) -> None:
    walker, bag = counties.walkers[case.walker], counties.bags["tr"]
    path = str(filled(case.path, bag))
    data = {name: filled(value, bag) for name, value in case.data.items()}
    foreign = counties.bags["there"].values[case.record]
    answer = counties.raw(walker, "POST", path, data={**data, case.field: case.write(foreign)})
    told = f"{path} {case.field}={foreign}: {answer.status_code}"
    assert not counties.has_changed() and answer.status_code < 500, told
    known = case.write(own_of(counties, case))
    own = counties.raw(walker, "POST", path, data={**data, case.field: known})
    assert counties.has_changed(), f"{path} is not even taken with one's own: {own.status_code}"


def test_a_link_of_two_plans_takes_no_task_of_another_county(counties: Counties) -> None:
    walker, there = counties.walkers["tr office_staff"], counties.bags["there"]
    here, foreign = counties.bags["tr"].values["task_id"], there.values["task_id"]
    for pair in ({"own": here, "county": foreign}, {"own": foreign, "county": here}):
        answer = counties.raw(walker, "POST", "/plans/links", data={**pair, "decision": "confirm"})
        assert answer.status_code in {403, 404} and not counties.has_changed()


def form_fields() -> Iterator[str]:
    """The fields of every form of the server that name a record by their name."""
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if module.name.endswith("forms"):
            importlib.import_module(module.name)
    waiting = [FlaskForm]
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        for name in vars(found):
            if name.endswith(("_id", "_ids")) and not name.startswith("validate_"):
                yield name


def test_every_field_that_names_a_record_is_tried() -> None:
    tried = {one.field for one in CASES} | set(NO_RECORDS)
    assert set(form_fields()) <= tried, "add a Case for the new field"
