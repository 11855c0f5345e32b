"""Events of a term: the same whenever and however often somebody asks."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import WorkCalendar
from domain.term_events import SITE, Standing, TermEvent, TermEventKind, advance, midnight
from domain.term_settings import Unit

K = TermEventKind
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DUE = date(2026, 3, 30)
HANDED_IN = datetime(2026, 3, 2, 16, 0, tzinfo=SITE)


def shown(events: list[TermEvent]) -> list[tuple[str, str]]:
    return [
        (one.kind.value + (str(one.step) if one.kind is K.WARNED else ""),
         one.at.astimezone(SITE).strftime("%m-%d %H:%M"))
        for one in events
    ]  # fmt: skip


def run(
    standing: Standing,
    now: datetime,
    calendar: WorkCalendar,
    known: list[TermEvent] | None = None,
    unit: Unit = Unit.WORKING,
) -> list[TermEvent]:
    return advance(known or [], standing, now, unit, calendar)


def test_a_term_runs_through_its_thresholds_at_midnight_in_shanghai(calendar: WorkCalendar) -> None:
    found = run(Standing(DUE, HANDED_IN), datetime(2026, 4, 1, tzinfo=UTC), calendar)
    assert shown(found) == [
        ("set", "03-02 16:00"),
        ("warned10", "03-16 00:00"),
        ("warned5", "03-23 00:00"),
        ("warned3", "03-25 00:00"),
        ("warned1", "03-27 00:00"),
        ("warned0", "03-30 00:00"),
        ("overdue", "03-31 00:00"),
    ]


def test_one_second_before_midnight_it_is_not_overdue_and_at_midnight_it_is(
    calendar: WorkCalendar,
) -> None:
    at = datetime(2026, 3, 31, tzinfo=SITE)
    before = run(Standing(DUE, HANDED_IN), at - timedelta(seconds=1), calendar)
    assert before[-1].kind is K.WARNED and before[-1].step == 0
    (late,) = run(Standing(DUE, HANDED_IN), at, calendar, before)
    assert (late.kind, late.at) == (K.OVERDUE, at) == (K.OVERDUE, midnight(date(2026, 3, 31)))


def test_entered_in_the_last_second_is_met_and_one_second_later_met_late(
    calendar: WorkCalendar,
) -> None:
    for second, kinds in ((-1, ["warned0", "met"]), (0, ["warned0", "overdue", "met"])):
        at = datetime(2026, 3, 31, tzinfo=SITE) + timedelta(seconds=second)
        day = at.astimezone(SITE).date()
        found = run(Standing(DUE, HANDED_IN, day, at), at + timedelta(days=9), calendar)
        assert [name for name, _at in shown(found)][-len(kinds) :] == kinds
        assert found[-1].met_on == day and (day > found[-1].due) is (second == 0)


def test_a_term_heard_of_late_tells_only_the_threshold_it_stands_at(calendar: WorkCalendar) -> None:
    """A phone that comes back after three weeks: no flood, and nothing before it was known."""
    heard = datetime(2026, 3, 26, 9, 0, tzinfo=SITE)
    found = run(Standing(DUE, heard), heard + timedelta(days=1), calendar)
    assert shown(found) == [
        ("set", "03-26 09:00"), ("warned3", "03-26 09:00"), ("warned1", "03-27 00:00"),
    ]  # fmt: skip
    late = datetime(2026, 4, 8, 9, 0, tzinfo=SITE)
    assert shown(run(Standing(DUE, late), late, calendar)) == [
        ("set", "04-08 09:00"), ("overdue", "04-08 09:00"),
    ]  # fmt: skip


def test_a_pause_moves_the_due_date_and_does_not_tell_the_same_threshold_again(
    calendar: WorkCalendar,
) -> None:
    now = datetime(2026, 3, 18, 12, 0, tzinfo=SITE)
    known = run(Standing(DUE, HANDED_IN), now, calendar)
    moved = run(
        Standing(date(2026, 3, 31), now), now, calendar, known
    )  # ten days left are nine and one more
    assert shown(moved) == [("moved", "03-18 12:00")]
    later = run(Standing(date(2026, 3, 31), now), now + timedelta(days=30), calendar, known + moved)
    assert [name for name, _at in shown(later)] == [
        "warned5", "warned3", "warned1", "warned0", "overdue",
    ]  # fmt: skip
    assert all(one.turn == 2 and one.due == date(2026, 3, 31) for one in later)


def test_what_is_met_keeps_its_due_date_and_a_void_receipt_opens_it_again(
    calendar: WorkCalendar,
) -> None:
    at = datetime(2026, 3, 20, 10, 0, tzinfo=SITE)
    known = run(Standing(DUE, HANDED_IN, at.date(), at), at, calendar)
    after = at + timedelta(days=20)
    assert run(Standing(date(2026, 4, 30), HANDED_IN, at.date(), at), after, calendar, known) == []
    found = run(Standing(DUE, HANDED_IN), after, calendar, known)
    assert shown(found) == [("reopened", "04-09 10:00"), ("overdue", "04-09 10:00")]


def test_a_visit_taken_back_has_no_term_any_more(calendar: WorkCalendar) -> None:
    known = run(Standing(DUE, HANDED_IN), HANDED_IN, calendar)
    gone = run(Standing(None), HANDED_IN + timedelta(days=1), calendar, known)
    assert shown(gone) == [("dropped", "03-03 16:00")]
    assert run(Standing(None), datetime(2027, 1, 1, tzinfo=UTC), calendar, known + gone) == []


def test_calendar_days_are_counted_as_such(calendar: WorkCalendar) -> None:
    due = date(2026, 3, 12)
    found = run(
        Standing(due, HANDED_IN), datetime(2026, 3, 13, tzinfo=UTC), calendar, None, Unit.CALENDAR
    )
    assert shown(found)[:3] == [
        ("set", "03-02 16:00"), ("warned10", "03-02 16:00"), ("warned5", "03-07 00:00"),
    ]  # fmt: skip


def test_a_zone_of_whoever_asks_changes_nothing(calendar: WorkCalendar) -> None:
    now = datetime(2026, 3, 30, 20, 0, tzinfo=SITE)
    plain = run(Standing(DUE, HANDED_IN), now, calendar)
    far = run(Standing(DUE, HANDED_IN.astimezone(UTC)), now.astimezone(UTC), calendar)
    assert plain == far


@dataclass(frozen=True)
class Past:
    """A history of hours: what was true from which hour on."""

    changes: tuple[tuple[int, Standing], ...]

    def at(self, hour: int) -> Standing:
        return [one for since, one in self.changes if since <= hour][-1]


@st.composite
def pasts(draw: st.DrawFn) -> tuple[Past, list[int]]:
    """A term handed in, moved up to three times, then met or not, and the hours at which somebody
    must have asked: whoever moves a due date does."""
    hour, due = draw(st.integers(0, 200)), DUE + timedelta(days=draw(st.integers(-10, 10)))
    standing = Standing(due, BEGIN + timedelta(hours=hour))
    changes, moves = [(0, Standing(None)), (hour, standing)], []
    for _ in range(draw(st.integers(0, 3))):
        hour += draw(st.integers(1, 300))
        due += timedelta(days=draw(st.sampled_from([-5, -1, 1, 4, 20])))
        standing = replace(standing, due=due, since=BEGIN + timedelta(hours=hour))
        changes.append((hour, standing))
        moves.append(hour)
    if draw(st.booleans()):
        hour += draw(st.integers(1, 500))
        at = BEGIN + timedelta(hours=hour)
        met = replace(standing, met_on=at.astimezone(SITE).date(), met_since=at)
        changes.append((hour, met))
    return Past(tuple(changes)), moves


def replay(
    past: Past, moves: list[int], hours: list[int], unit: Unit, calendar: WorkCalendar
) -> list[TermEvent]:
    """Whoever moves a due date asks just before and just after; an hour that is given twice is
    asked twice."""
    known: list[TermEvent] = []
    for hour in sorted({*moves, *hours}):
        now = BEGIN + timedelta(hours=hour)
        if hour in moves:
            known += advance(known, past.at(hour - 1), now, unit, calendar)
        for _ in range(max(1, hours.count(hour))):
            known += advance(known, past.at(hour), now, unit, calendar)
    return known


@settings(max_examples=200)
@given(
    told=pasts(),
    hours=st.lists(st.integers(0, 1500), max_size=12),
    unit=st.sampled_from(Unit),
)
def test_any_split_of_time_gives_the_same_events(
    calendar: WorkCalendar, told: tuple[Past, list[int]], hours: list[int], unit: Unit
) -> None:
    past, moves = told
    once = replay(past, moves, [1500], unit, calendar)
    often = replay(past, moves, [*hours, *hours, 1500], unit, calendar)
    assert sorted(once, key=by_name) == sorted(often, key=by_name)
    assert len({one.name for one in often}) == len(often)
    assert [one.at for one in once] == sorted(one.at for one in once)


def by_name(one: TermEvent) -> tuple[int, str, int]:
    return one.name
