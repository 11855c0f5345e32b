"""Which officers go where: filtered first, then by load, then by lot (R010, R045, R048; part 7
rows 16 and 18).

Filtering by labels and area before the lot is how "suitable" and "random" go together; balancing
the load before the ticket keeps one officer from drawing every visit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.draw_pool import OFFICERS_PER_DEPARTMENT, Officer, PoolFirm
from domain.draw_tickets import ticket_drawer


@dataclass(frozen=True, slots=True)
class Assignment:
    """The officers of one department for one firm, in the order they were picked."""

    firm: str
    department: str
    officers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A firm for which a department has too few eligible officers. The counts say why the others
    fell out, each officer counted once, in this order: label, area, recusal."""

    firm: str
    department: str
    needed: int
    eligible: int
    without_label: int
    elsewhere: int
    recused: int


@dataclass(frozen=True, slots=True)
class Matched:
    """Every firm has its officers."""

    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class NotMatched:
    """Somewhere officers are missing; nothing is assigned. All lacks at once."""

    lacks: tuple[Lack, ...]


class _Staff:
    """The officers of one department, sorted out once: thousands of firms ask for few areas."""

    def __init__(self, officers: Sequence[Officer], department: str, label: str | None) -> None:
        self.department = department
        self.label = label
        self.own = [one for one in officers if one.department == department]
        self._fit = [one for one in self.own if label is None or label in one.labels]
        self._by_area: dict[str | None, list[Officer]] = {}
        self._recused: dict[str, list[str]] = {}
        for one in self._fit:
            for firm in one.recused_firms:
                self._recused.setdefault(firm, []).append(one.id)

    def eligible(self, firm: PoolFirm) -> Sequence[Officer]:
        """Who may be sent there."""
        near = self._by_area.get(firm.area)
        if near is None:
            near = [one for one in self._fit if _is_near(one, firm)]
            self._by_area[firm.area] = near
        barred = self._recused.get(firm.id)
        return near if barred is None else [one for one in near if one.id not in barred]

    def lack(self, firm: PoolFirm, needed: int) -> Lack:
        """Why there are too few."""
        bars = [_bar(officer, firm, self.label) for officer in self.own]
        return Lack(
            firm=firm.id,
            department=self.department,
            needed=needed,
            eligible=bars.count(None),
            without_label=bars.count("label"),
            elsewhere=bars.count("area"),
            recused=bars.count("recused"),
        )


def find_lacks(
    firms: Sequence[PoolFirm],
    officers: Sequence[Officer],
    departments: Sequence[str],
    per_department: int = OFFICERS_PER_DEPARTMENT,
    required_labels: Mapping[str, str] | None = None,
) -> tuple[Lack, ...]:
    """Every firm and department for which officers are missing, whatever the lot will say: whether
    there are enough depends on nobody's load or ticket."""
    return _lacks(firms, _staff_of(officers, departments, required_labels), per_department)


def match_officers(
    firms: Sequence[PoolFirm],
    officers: Sequence[Officer],
    departments: Sequence[str],
    seed: str,
    draw_id: str,
    per_department: int = OFFICERS_PER_DEPARTMENT,
    required_labels: Mapping[str, str] | None = None,
) -> Matched | NotMatched:
    """For each firm, in the order given (ticket order), and each department, in the order given:
    of the eligible officers the `per_department` with the lowest load so far, then the lowest
    ticket ("officer", firm, officer). Never an officer recused from the firm, never twice the same
    in one team. Load counts the visits of this draw on top of `Officer.load`."""
    staff = _staff_of(officers, departments, required_labels)
    if lacks := _lacks(firms, staff, per_department):
        return NotMatched(lacks)
    load = {officer.id: officer.load for officer in officers}
    assignments: list[Assignment] = []
    for firm in firms:
        draw = ticket_drawer(seed, draw_id, "officer", firm.id)
        for own in staff:
            picked = _pick(own.eligible(firm), load, draw, per_department)
            for officer in picked:
                load[officer] += 1
            assignments.append(Assignment(firm.id, own.department, picked))
    return Matched(tuple(assignments))


def _lacks(firms: Sequence[PoolFirm], staff: Sequence[_Staff], wanted: int) -> tuple[Lack, ...]:
    return tuple(
        own.lack(firm, wanted)
        for firm in firms
        for own in staff
        if len(own.eligible(firm)) < wanted
    )


def _pick(
    eligible: Sequence[Officer], load: Mapping[str, int], draw: Callable[[str], str], wanted: int
) -> tuple[str, ...]:
    """The lowest by load, ticket and id. Tickets are drawn only where they decide."""
    levels: dict[int, list[str]] = {}
    for one in eligible:
        levels.setdefault(load[one.id], []).append(one.id)
    picked: list[str] = []
    for level in sorted(levels):
        picked += sorted(levels[level], key=lambda officer: (draw(officer), officer))
        if len(picked) >= wanted:
            break
    return tuple(picked[:wanted])


def _staff_of(
    officers: Sequence[Officer], departments: Sequence[str], labels: Mapping[str, str] | None
) -> list[_Staff]:
    return [_Staff(officers, one, (labels or {}).get(one)) for one in departments]


def _bar(officer: Officer, firm: PoolFirm, label: str | None) -> str | None:
    """Why this officer cannot visit this firm, or None."""
    if label is not None and label not in officer.labels:
        return "label"
    if not _is_near(officer, firm):
        return "area"
    if firm.id in officer.recused_firms:
        return "recused"
    return None


def _is_near(officer: Officer, firm: PoolFirm) -> bool:
    return officer.area is None or firm.area is None or officer.area == firm.area
