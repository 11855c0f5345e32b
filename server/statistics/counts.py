"""What a count of findings answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.control_chart import Counted


@dataclass(frozen=True, slots=True)
class Wanted:
    """Visits that ended from ``first`` to ``last``; ``trade`` of their task, "" for all."""

    first: date
    last: date
    trade: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: ``visits`` made, ``with_problems`` of them with a finding, ``findings``
    altogether. Of a check entry ``visits`` are those at which it was checked."""

    key: str
    name: str
    visits: int
    with_problems: int
    findings: int

    @property
    def counted(self) -> Counted:
        return Counted(self.visits, self.with_problems)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same entry found again at the same firm, at ``times`` visits."""

    firm_id: int
    firm: str
    item: str
    text: str
    times: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Totals:
    """``firms`` different ones visited, ``problem_firms`` of them with a finding."""

    visits: int
    with_problems: int
    findings: int
    firms: int
    problem_firms: int
    done: int


@dataclass(frozen=True, slots=True)
class FoundAt:
    """A firm behind a warning, with its newest visit at which it was found."""

    firm_id: int
    name: str
    uscc: str
    inspection_id: int
    number: str
    trade: str
    ended_on: date
