"""Use cases, for changes after a draw alone: another officer on a team, a visit that is not to be
made after all (R049). ``server.draws`` decides whether; both hear the phones' spaces locked."""

from __future__ import annotations

from domain.errors import fault
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.inspections.models import Inspection, TeamMember
from server.inspections.publishing import active_team, publish_team_change
from server.registry.models import Officer
from server.runtime import now

MOVABLE = ("open", "returned")


def lock_visit(inspection: Inspection) -> None:
    """Whoever wants to write into the visit waits until the commit; what was read is read anew.
    Raises ``inspection.not_found`` where it has no space."""
    if fieldsync.lock_space(inspection.space) is None:
        raise fault("inspection.not_found")


def require_replaceable(inspection: Inspection, officer_id: int) -> TeamMember:
    """The member, while another may still take the place. Raises ``inspection.withdrawn``,
    ``change.not_on_team``, ``change.sheet_submitted`` once the department's sheet is handed in."""
    if inspection.withdrawn_at is not None:
        raise fault("inspection.withdrawn")
    for member in active_team(inspection):
        if member.officer_id == officer_id:
            own = [s for s in inspection.sheets if s.department_id == member.department_id]
            if any(sheet.state not in MOVABLE for sheet in own):
                raise fault("change.sheet_submitted")
            return member
    raise fault("change.not_on_team")


def require_untouched(inspection: Inspection) -> None:
    """Raises ``inspection.withdrawn``, and ``change.recorded`` once anything was recorded, also
    what waits or was refused: from then on a result code says what was found."""
    if inspection.withdrawn_at is not None:
        raise fault("inspection.withdrawn")
    is_open = all(sheet.state == "open" for sheet in inspection.sheets)
    if not is_open or fieldsync.list_begun_spaces([inspection.space]):
        raise fault("change.recorded")


def replace_member(
    inspection: Inspection, leaves: TeamMember, joins: Officer, person_id: int
) -> None:
    """``joins`` takes the place of ``leaves``, the lead with it; phones hear of it. What was
    recorded stays as it is."""
    with unit_of_work() as work:
        leaves.removed_at = now()
        inspection.team.append(
            TeamMember(
                officer_id=joins.id,
                officer=joins,
                department_id=leaves.department_id,
                department=leaves.department,
                position=leaves.position,
                is_lead=leaves.is_lead,
            )
        )
        work.flush()
        gone, come = leaves.officer.person_id, joins.person_id
        publish_team_change(
            inspection,
            [come] if come is not None else [],
            [gone] if gone is not None else [],
            person_id,
        )


def withdraw_visit(inspection: Inspection, person_id: int) -> None:
    """撤出: the visit leaves every phone, deadline and count, and stays readable."""
    with unit_of_work() as work:
        team, at = active_team(inspection), now()
        inspection.withdrawn_at = at
        for member in team:
            member.removed_at = at
        work.flush()
        people = [one.officer.person_id for one in team if one.officer.person_id is not None]
        publish_team_change(inspection, [], people, person_id)
