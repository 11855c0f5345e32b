"""Due dates that no term counts forward: named by a person, kept in calendar days, moved ahead."""

from datetime import date

from domain.calendar import WorkCalendar
from domain.deadlines import on_or_before
from domain.due_explained import RestDays, RestReason, explain
from domain.due_named import DueNamed, calendar_days_back, explain_ahead, explain_named
from domain.term_settings import Unit


def test_a_named_day_says_how_many_days_it_leaves_and_how_many_of_them_are_worked(
    calendar: WorkCalendar,
) -> None:
    start = date(2024, 9, 30)
    assert explain_named(start, date(2024, 10, 12), calendar) == DueNamed(
        date(2024, 10, 12), start, 12, 5  # 8 to 12 October, Saturday the 12th makes up
    )  # fmt: skip
    same = explain_named(start, start, calendar)
    assert same is not None and (same.days, same.working_days) == (0, 0)
    assert explain_named(start, date(2024, 9, 29), calendar) is None


def test_a_fixed_day_off_names_the_days_by_which_it_came_earlier(calendar: WorkCalendar) -> None:
    nominal = date(2024, 10, 6)
    due = on_or_before(nominal, calendar)
    told = explain_ahead(nominal, due, calendar)
    assert (told.due, told.moved) == (date(2024, 9, 30), 6)
    assert [(one.first, one.last, one.reason) for one in told.rests] == [
        (date(2024, 10, 1), nominal, RestReason.HOLIDAY)
    ]
    worked = explain_ahead(date(2024, 9, 29), date(2024, 9, 29), calendar)  # a Sunday made up
    assert (worked.moved, worked.rests, worked.is_provisional) == (0, (), False)
    assert explain_ahead(date(2027, 3, 20), date(2027, 3, 19), calendar).rests == (
        RestDays(date(2027, 3, 20), date(2027, 3, 20), RestReason.WEEKEND, ""),
    )
    assert explain_ahead(date(2027, 3, 20), date(2027, 3, 19), calendar).is_provisional


def test_a_day_kept_in_calendar_days_passes_over_nothing(calendar: WorkCalendar) -> None:
    found = calendar_days_back(date(2024, 9, 30), date(2024, 12, 29))
    assert found is not None
    told = explain(found, calendar, Unit.CALENDAR)
    assert (told.day_one, told.days) == (date(2024, 10, 1), 90)
    assert (told.rests, told.makeup_days) == ((), ())
    assert calendar_days_back(date(2024, 9, 30), date(2024, 9, 30)) is None
