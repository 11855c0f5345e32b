"""Working days of mainland China, as a value.

A calendar is built from the State Council's notices: days off (weekends inside a block too) and
make-up days on which a weekend is worked. It holds no clock and reads no file. Days no notice has
fixed yet count Monday to Friday, and whoever computes with them must say "provisional" (R074–R076,
domain research part 5).

A notice speaks for its year and for the last days of December before it: a make-up day or New
Year's leave there came with it (2018-12-29 with the notice for 2019). No notice has ever said
anything about the late December of its own year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

SATURDAY = 5
NEXT_YEARS_FROM = (12, 21)  # from here on December belongs to the next notice


def notice_year(day: date) -> int:
    """The year of the notice that decides about this day."""
    return day.year + ((day.month, day.day) >= NEXT_YEARS_FROM)


class DayKind(StrEnum):
    """What a notice says about one day; days it does not mention follow the week."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Immutable. `known_years` are the years whose own official notice has been imported. `names`
    say what a day off or make-up day is for; they count nothing, and two calendars that differ in
    them alone are equal."""

    holidays: frozenset[date]
    makeup_days: frozenset[date]
    known_years: frozenset[int]
    names: Mapping[date, str] = field(default_factory=dict, compare=False)

    @classmethod
    def from_days(
        cls,
        days: Mapping[date, DayKind],
        years: Iterable[int],
        names: Mapping[date, str] | None = None,
    ) -> "WorkCalendar":
        """A calendar of the given days. A make-up day may lie in the year before its notice
        (2018-12-29 came with the notice for 2019), so `years` is stated, not derived from days."""
        return cls(
            holidays=frozenset(day for day, kind in days.items() if kind is DayKind.HOLIDAY),
            makeup_days=frozenset(day for day, kind in days.items() if kind is DayKind.MAKEUP),
            known_years=frozenset(years),
            names=names or {},
        )

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday and not a day off, or a make-up day. Never raises: without a notice
        the plain week is all there is to go by."""
        if day in self.makeup_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def kind_of(self, day: date) -> DayKind | None:
        """What the notices say about the day; None where it follows the week."""
        if day in self.makeup_days:
            return DayKind.MAKEUP
        return DayKind.HOLIDAY if day in self.holidays else None

    def is_known_year(self, year: int) -> bool:
        """Whether the year has an official notice."""
        return year in self.known_years

    def is_settled(self, day: date) -> bool:
        """Whether the notice that decides about the day is known; where not, a due date counted
        over it is provisional."""
        return notice_year(day) in self.known_years

    def resting(self, days: frozenset[date]) -> "WorkCalendar":
        """The same with further days on which nothing is counted: those of a pause."""
        if not days:
            return self
        return replace(self, holidays=self.holidays | days, makeup_days=self.makeup_days - days)
