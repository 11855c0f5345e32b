"""What phones pull about an inspection: its head, its sheets, and who is assigned
(docs/protocol 13.4). Rows are written through ``fieldsync``, which orders and signs for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.calendar import WorkCalendar
from domain.inspections import SheetAction, SheetState, transition
from server.accounts.service import get_person, map_person_departments
from server.deadlines.service import due_of, due_of_visit
from server.deadlines.terms import VisitTime
from server.fieldsync import service as fieldsync
from server.fieldsync.service import RowWrite, SpaceWrite
from server.inspections.last_time import earlier_than, last_visit, past_row
from server.inspections.models import Inspection, Sheet, TeamMember
from server.phrases.service import phrases_row, phrases_rows
from server.results.overview import EnteredSheet, read_past
from server.runtime import SITE_ZONE, now

# How the ledger names what no phone wrote.
PUBLISH = "office.publish"
ASSIGN = "office.assign"


def publish_new_inspections(inspections: Iterable[Inspection], person_id: int | None) -> None:
    """Opens each space with its head and sheets, then tells every member's own space, person by
    person: spaces are locked in one order everywhere. Those of one county, written together; joins
    the running unit of work."""
    inspections = list(inspections)
    if not inspections:
        return
    county = inspections[0].jurisdiction_id
    fieldsync.lock_spaces(county, [one.space for one in inspections])
    past = read_past([one.firm_id for one in inspections])
    visits: list[SpaceWrite] = []
    assigned: dict[int, list[RowWrite]] = {}
    for inspection in inspections:
        rows = [*_head_rows(inspection, past), *map(sheet_row, inspection.sheets)]
        codes = {sheet.id: sheet.code for sheet in inspection.sheets}
        visits.append(SpaceWrite(inspection.space, PUBLISH, rows, codes))
        for member in active_team(inspection):
            if member.officer.person_id is not None:
                row = assignment_row(inspection)
                assigned.setdefault(member.officer.person_id, []).append(row)
    at = now()
    fieldsync.write_spaces(jurisdiction_id=county, writes=visits, person_id=person_id, at=at)
    own = {person: fieldsync.user_space(person) for person in sorted(assigned)}
    fieldsync.lock_spaces(county, own.values())
    phrases = phrases_rows(map_person_departments(own))
    told = [
        SpaceWrite(space, ASSIGN, assigned[one] + ([phrases[one]] if one in phrases else []))
        for one, space in own.items()
    ]
    fieldsync.write_spaces(jurisdiction_id=county, writes=told, person_id=person_id, at=at)


def publish_team_change(
    inspection: Inspection, joined: Iterable[int], left: Iterable[int], person_id: int
) -> None:
    """Writes the head with the team of now, and to the persons who joined or left that they did:
    the phone of who left hears ``left`` and keeps what it has not sent. The caller holds the lock
    of the inspection's space."""
    publish_inspection(inspection, person_id)
    row = assignment_row(inspection)
    moves = dict.fromkeys(joined, row) | {one: replace(row, gone=True) for one in left}
    for assignee, own in sorted(moves.items()):
        rows = [own]
        if not own.gone and (phrases := _phrases(assignee)) is not None:
            rows.append(phrases)
        _write(inspection.jurisdiction_id, f"user:{assignee}", ASSIGN, person_id, rows)


def _phrases(person_id: int) -> RowWrite | None:
    return phrases_row(person_id, get_person(person_id).department_id)


def publish_inspection(inspection: Inspection, person_id: int) -> None:
    """Writes the head again for ``person_id``: the planned day or the due date changed. What is
    known of last time is read anew."""
    rows = _head_rows(inspection, read_past([inspection.firm_id]))
    _write(inspection.jurisdiction_id, inspection.space, PUBLISH, person_id, rows)


def publish_withdrawal(
    inspections: Sequence[Inspection], people: Mapping[int, Sequence[Inspection]], person_id: int
) -> None:
    """Writes the heads again, without a team, and takes the assignments of ``people`` (person →
    visits) back. The visits are of one county; the caller holds their spaces; joins its unit of
    work."""
    if not inspections:
        return
    county, at = inspections[0].jurisdiction_id, now()
    past = read_past([one.firm_id for one in inspections])
    heads = [
        SpaceWrite(
            one.space,
            PUBLISH,
            _head_rows(one, past),
            {sheet.id: sheet.code for sheet in one.sheets},
        )
        for one in inspections
    ]
    fieldsync.write_spaces(
        jurisdiction_id=county, writes=heads, person_id=person_id, at=at, copies_back=False
    )
    own = {person: fieldsync.user_space(person) for person in sorted(people)}
    fieldsync.lock_spaces(county, own.values())
    told = [
        SpaceWrite(
            space, ASSIGN, [replace(assignment_row(one), gone=True) for one in people[person]]
        )
        for person, space in own.items()
    ]
    fieldsync.write_spaces(jurisdiction_id=county, writes=told, person_id=person_id, at=at)


def publish_lists(inspection: Inspection, sheet: Sheet, person_id: int) -> None:
    """Writes the sheet's row again with its present lists, else as it stands, and what is known of
    last time at their entries. For a sheet on which nothing has been recorded."""
    known = fieldsync.read_sheet(inspection.id, sheet.code).row
    fresh = sheet_row(sheet)
    fields = {**(known.fields if known is not None else fresh.fields), "lists": sheet.lists}
    rows = _head_rows(inspection, read_past([inspection.firm_id]))
    rows.append(RowWrite(fresh.type, fresh.id, fields, sheet_id=sheet.id))
    _write(inspection.jurisdiction_id, inspection.space, PUBLISH, person_id, rows)


def follow_publication(
    inspection: Inspection, sheet: Sheet, is_published: bool, person_id: int, at: datetime
) -> None:
    """The state says whether the result is public: on record, and on the team's phones. Back to
    entered it goes only when the last publication is void, else the database refuses it. The caller
    holds the visit's lock."""
    if is_published == (sheet.published_at is not None):
        return
    action = SheetAction.PUBLISH if is_published else SheetAction.TAKE_BACK
    moved = transition(SheetState(sheet.state), action)
    assert isinstance(moved, SheetState), "only an entered sheet has publications"
    sheet.state, sheet.published_at = moved.value, at if is_published else None
    known = fieldsync.read_sheet(inspection.id, sheet.code).row
    assert known is not None, "an entered sheet has its row"
    fields = {**known.fields, "state": sheet.state}
    row = RowWrite("sheet", f"sheet:{sheet.code}", fields, sheet_id=sheet.id)
    _write(inspection.jurisdiction_id, inspection.space, PUBLISH, person_id, [row])


def _head_rows(
    inspection: Inspection, past: Mapping[int, Sequence[EnteredSheet]]
) -> list[RowWrite]:
    earlier = earlier_than(inspection, past.get(inspection.firm_id, ()))
    return [
        inspection_row(inspection, earlier),
        *(past_row(sheet, earlier) for sheet in inspection.sheets),
    ]


def active_team(inspection: Inspection) -> list[TeamMember]:
    """The members who were not replaced, in the order of the draw; nobody of a withdrawn visit."""
    return [member for member in inspection.team if member.removed_at is None]


def last_team(inspection: Inspection) -> list[TeamMember]:
    """For people: the team, of a withdrawn visit as it was when it was withdrawn."""
    ended = inspection.withdrawn_at
    return [one for one in inspection.team if one.removed_at is None or one.removed_at == ended]


def inspection_row(
    inspection: Inspection,
    past: Sequence[EnteredSheet] = (),
    calendar: WorkCalendar | None = None,
    time: VisitTime | None = None,
) -> RowWrite:
    """Row ``inspection:<id>``; ``past`` are the firm's earlier sheets, the newest first. Of many
    rows the caller reads the ``calendar`` and the visits' times once."""
    firm, task = inspection.firm, inspection.task
    codes = [sheet.code for sheet in inspection.sheets]
    county, ended = inspection.jurisdiction_id, inspection.ended_on
    if time is None:
        due = due_of_visit(inspection.id, ended, codes, county, calendar)
    else:
        due = due_of(ended, codes, county, calendar, time)
    fields = {
        "number": inspection.number,
        "task": {"id": task.id, "name": task.name, "task_no": task.task_no},
        "firm": {
            "name": firm.name,
            "uscc": firm.uscc,
            "category": firm.category,
            "tier": firm.tier,
            "address": firm.address,
            "contact_name": firm.contact_name,
            "contact_phone": firm.contact_phone,
            "licence_no": firm.licence_no,
            "place": firm.place,
        },
        "last": last_visit(past),
        "assigned_on": inspection.created_at.astimezone(SITE_ZONE).date().isoformat(),
        "planned_on": inspection.planned_on.isoformat() if inspection.planned_on else None,
        "team": [
            {
                "officer_id": member.officer_id,
                "person_id": member.officer.person_id,
                "name": member.officer.name,
                "cert_no": member.officer.cert_no,
                "department": member.department.code,
                "is_lead": member.is_lead,
            }
            for member in active_team(inspection)
        ],
        "sheets": codes,
        "ended_on": inspection.ended_on.isoformat() if inspection.ended_on else None,
        "due_on": due.due.isoformat() if due else None,
        "is_provisional": due.provisional if due else False,
    }
    return RowWrite("inspection", f"inspection:{inspection.id}", fields)


def sheet_row(sheet: Sheet) -> RowWrite:
    """Row ``sheet:<code>`` of a sheet nobody has touched yet; from then on operations write it."""
    department = sheet.department
    fields = {
        "department": {"code": department.code, "name": department.name},
        "lists": sheet.lists,
        "state": sheet.state,
        "return_reason": None,
        "ended_on": None,
        "submitted": None,
        "accepted": None,
        "entered": None,
        "results": {},
        "result": None,
    }
    return RowWrite("sheet", f"sheet:{sheet.code}", fields, sheet_id=sheet.id)


def assignment_row(inspection: Inspection) -> RowWrite:
    """Row ``assignment:<inspection>`` of a member's own space."""
    return RowWrite("assignment", f"assignment:{inspection.id}", {"space": inspection.space})


def _write(
    jurisdiction_id: int, space: str, kind: str, person_id: int | None, rows: list[RowWrite]
) -> None:
    fieldsync.write_rows(
        jurisdiction_id=jurisdiction_id,
        space=space,
        kind=kind,
        person_id=person_id,
        rows=rows,
        at=now(),
    )
