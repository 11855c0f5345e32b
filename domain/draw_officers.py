"""Which officers go where: filtered first, then by load, then by lot (R010, R045, R048; part 7
rows 16 and 18).

Filtering by labels and area before the lot is how "suitable" and "random" go together; balancing
the load before the ticket keeps one officer from drawing every visit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.draw_pool import OFFICERS_PER_DEPARTMENT, Officer, PoolFirm
from domain.draw_tickets import ticket


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
    in one team. Load counts the visits of this draw."""
    load = {officer.id: 0 for officer in officers}
    assignments: list[Assignment] = []
    lacks: list[Lack] = []
    for firm in firms:
        for department in departments:
            label = (required_labels or {}).get(department)
            own = [officer for officer in officers if officer.department == department]
            eligible = [officer for officer in own if _bar(officer, firm, label) is None]
            if len(eligible) < per_department:
                lacks.append(_lack(firm, department, per_department, own, label))
                continue
            picked = sorted(
                eligible,
                key=lambda officer: (
                    load[officer.id],
                    ticket(seed, draw_id, "officer", firm.id, officer.id),
                ),
            )[:per_department]
            for officer in picked:
                load[officer.id] += 1
            assignments.append(
                Assignment(firm.id, department, tuple(officer.id for officer in picked))
            )
    return NotMatched(tuple(lacks)) if lacks else Matched(tuple(assignments))


def _bar(officer: Officer, firm: PoolFirm, label: str | None) -> str | None:
    """Why this officer cannot visit this firm, or None."""
    if label is not None and label not in officer.labels:
        return "label"
    if officer.area is not None and firm.area is not None and officer.area != firm.area:
        return "area"
    if firm.id in officer.recused_firms:
        return "recused"
    return None


def _lack(
    firm: PoolFirm, department: str, needed: int, own: Sequence[Officer], label: str | None
) -> Lack:
    bars = [_bar(officer, firm, label) for officer in own]
    return Lack(
        firm=firm.id,
        department=department,
        needed=needed,
        eligible=bars.count(None),
        without_label=bars.count("label"),
        elsewhere=bars.count("area"),
        recused=bars.count("recused"),
    )
