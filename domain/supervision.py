"""How far each task of the year is, for the office that supervises the whole (R115, R116)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """What a task waits for: its draw, its visits, the entry of their results, nothing more."""

    PLANNED = "planned"
    DRAWN = "drawn"
    VISITED = "visited"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True)
class Progress:
    """`drawn` of `times` draws are made; of `visits` visits `visited` have ended, and the results
    of `entered` are entered by all departments; `overdue` result sheets are past their term.
    `last_month` of the plan's window (None: not stated) in `year`."""

    times: int
    drawn: int
    visits: int
    visited: int
    entered: int
    overdue: int
    year: int
    last_month: int | None

    @property
    def stage(self) -> Stage:
        """The first thing that is not done. A task that is to be drawn again waits for that draw
        only once all that was drawn before is entered."""
        if self.visited < self.visits:
            return Stage.DRAWN
        if self.entered < self.visits:
            return Stage.VISITED
        return Stage.PLANNED if self.drawn < self.times else Stage.ENTERED

    def is_late(self, today: date) -> bool:
        """Whether the plan's months are over and a draw or a visit is still missing."""
        if self.stage not in (Stage.PLANNED, Stage.DRAWN):
            return False
        return (today.year, today.month) > (self.year, self.last_month or 12)

    def needs_attention(self, today: date) -> bool:
        """Late by the plan, or a result past its term."""
        return self.overdue > 0 or self.is_late(today)
