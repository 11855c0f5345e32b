"""Who has to act for a term, leads those who do, or is in charge of them."""

from __future__ import annotations

from domain.access import Role
from domain.deadlines import MetBy
from domain.reminders import Matter, Whom
from server.accounts.directory import list_departments, list_holders
from server.deadlines.service import met_rule
from server.notifications.terms_overview import SheetHead

LOCKED = {"entered", "published"}
# The county's own, not a partner department's: who may see to it is the home office alone.
OF_HOME = frozenset({Matter.REVISIT, Matter.REPORT, Matter.CLUE_ACCEPT})
# No team does it, and so nobody leads it: the office is told on.
OF_OFFICE = frozenset({Matter.REPORT, Matter.CLUE_ACCEPT, Matter.CLUE_FINISH})


class People:
    """Each department asked once for each role."""

    def __init__(self, jurisdiction_id: int) -> None:
        self._by_receipt = met_rule(jurisdiction_id) is MetBy.RECEIPT
        self._roles: dict[tuple[int, Role], list[int]] = {}
        self._home = [one.id for one in list_departments() if one.is_home]

    def find(
        self, whom: Whom, matter: Matter, department_id: int, head: SheetHead | None
    ) -> list[tuple[int, Whom]]:
        """Person and why they are told. Where a department has no office its lead acts."""
        places = self._places(matter, department_id)
        match whom:
            case Whom.HOLDER if matter is Matter.ENTRY:
                return [(one, whom) for one in self._of_entry(department_id, head)]
            case Whom.HOLDER:
                return self._office(places)
            case Whom.LEAD if matter in OF_OFFICE:
                return self._office(places)
            case Whom.LEAD:
                return [(one, whom) for one in self._of(places, Role.TEAM_LEAD)]
            case Whom.DEPUTY:
                own = self._of(places, Role.DEPUTY_HEAD)
                return [(one, whom) for one in own or self._of(self._home, Role.DEPUTY_HEAD)]
            case Whom.ASKED:
                return []

    def _places(self, matter: Matter, department_id: int) -> list[int]:
        """The home office may answer a clue of a department that has no office."""
        is_homes = matter in OF_HOME or (
            matter is Matter.CLUE_FINISH and not self._of([department_id], Role.OFFICE_STAFF)
        )
        return self._home if is_homes else [department_id]

    def _of_entry(self, department_id: int, head: SheetHead | None) -> list[int]:
        """One of whom has to act next, as on the board: what is entered waits for the receipt."""
        if head is None:
            return []
        if head.state in LOCKED:
            return self._of([department_id], Role.OFFICE_STAFF) if self._by_receipt else []
        if head.state == "submitted":
            return self._of([department_id], Role.TEAM_LEAD)
        return list(head.person_ids)

    def _office(self, places: list[int]) -> list[tuple[int, Whom]]:
        if office := self._of(places, Role.OFFICE_STAFF):
            return [(one, Whom.HOLDER) for one in office]
        return [(one, Whom.LEAD) for one in self._of(places, Role.TEAM_LEAD)]

    def _of(self, department_ids: list[int], role: Role) -> list[int]:
        for department_id in department_ids:
            if (department_id, role) not in self._roles:
                self._roles[department_id, role] = list_holders(department_id, [role])
        return [one for place in department_ids for one in self._roles[place, role]]
