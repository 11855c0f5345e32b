"""A job runs once for each due time, whatever happens to who runs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.errors import fault
from server.db import db, unit_of_work
from server.jobs.claiming import KEPT_RUNS, Outcome
from server.jobs.models import JobRun
from tests.conftest import Clock
from tests.integration.fieldsync.test_at_once import at_once
from tests.integration.jobs.conftest import House

pytestmark = pytest.mark.both


def test_two_schedulers_and_two_workers_make_one_run_of_each_due_time(
    house: House, clock: Clock
) -> None:
    first, second, done = house.worker("a"), house.worker("b"), []
    house.happens = lambda: done.append(clock())
    assert house.beat(first) + house.beat(second) == 0  # nothing is due yet
    for times in (1, 2):
        clock.advance(minutes=5)
        assert sorted((house.beat(first), house.beat(second))) == [0, 1]
        ran = at_once(lambda: first.run("count"), lambda: second.run("count"))
        assert sorted(ran, key=str) == [None, Outcome.DONE]
        assert len(done) == times
    assert first.run("count") is None
    assert house.outcomes() == ["done", "done"]


def test_job_of_a_killed_worker_is_run_again_after_its_term_and_ends_once(
    house: House, clock: Clock
) -> None:
    first, second = house.worker("a"), house.worker("b")
    house.beat(first)
    clock.advance(minutes=5)
    house.beat(first)

    def die() -> None:
        raise KeyboardInterrupt  # the process is gone: nothing after this line runs

    house.happens = die
    with pytest.raises(KeyboardInterrupt):
        first.run("count")
    house.happens = lambda: None
    clock.advance(seconds=59)
    assert house.beat(second) == 0 and second.run("count") is None
    clock.advance(seconds=21)
    assert house.beat(second) == 1  # the scheduler is gone, too
    assert second.run("count") is Outcome.DONE
    assert house.outcomes() == ["lost", "done"]
    assert house.job().tries == 0


def test_who_comes_back_late_ends_nothing(house: House, clock: Clock) -> None:
    first, second = house.worker("a"), house.worker("b")
    house.beat(first)
    clock.advance(minutes=5)

    def sleep_over_it() -> None:
        clock.advance(seconds=61)
        house.happens = lambda: None
        assert second.run("count") is Outcome.DONE

    house.happens = sleep_over_it
    assert first.run("count") is None
    assert house.outcomes() == ["lost", "done"]


def test_a_long_job_stays_its_own_while_its_worker_lives(house: House, clock: Clock) -> None:
    first, second = house.worker("a"), house.worker("b")
    house.beat(first)
    clock.advance(minutes=5)

    def take_three_minutes() -> None:
        for _ in range(9):
            clock.advance(seconds=20)
            assert house.beat(first) == 0  # as the thread beside it does
            assert house.beat(second) == 0 and second.run("count") is None

    house.happens = take_three_minutes
    assert first.run("count") is Outcome.DONE


def test_job_that_takes_its_worker_along_each_time_waits_longer_each_time(
    house: House, clock: Clock
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    house.happens = die
    house.beat(house.worker("a"))
    clock.advance(minutes=5)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            house.worker("a").run("count")
        clock.advance(seconds=61)
    assert house.worker("b").run("count") is None
    assert house.job().due_at == clock() + timedelta(minutes=2)
    assert house.outcomes() == ["lost", "lost"]


def test_failing_job_is_tried_again_sooner_than_its_next_time_and_says_why(
    house: House, clock: Clock
) -> None:
    worker = house.worker("a")
    house.beat(worker)
    clock.advance(minutes=5)

    def fail() -> None:
        raise OSError("no way out")

    house.happens = fail
    assert worker.run("count") is Outcome.FAILED
    assert (house.job().tries, house.job().due_at) == (1, clock() + timedelta(minutes=1))
    clock.advance(minutes=1)
    assert house.beat(worker) == 1
    assert worker.run("count") is Outcome.FAILED
    assert house.job().due_at == clock() + timedelta(minutes=2)
    with house.app.app_context():
        told = db.session.scalars(select(JobRun.told)).all()
    assert told == [{"error": "OSError: no way out"}] * 2
    house.happens = lambda: None
    clock.advance(minutes=2)
    assert worker.run("count") is Outcome.DONE
    assert (house.job().tries, house.job().due_at) == (0, clock() + timedelta(minutes=2))


def test_an_error_of_the_database_names_no_values(house: House, clock: Clock) -> None:
    """Administrators see why a job failed, not whom it was about."""

    def break_off() -> None:
        with unit_of_work() as work:
            work.execute(text("INSERT INTO nowhere (name) VALUES (:name)"), {"name": "周晚晴"})

    house.happens = break_off
    worker = house.worker("one")
    house.beat(worker)
    clock.advance(minutes=5)
    assert worker.run("count") is Outcome.FAILED
    with house.app.app_context():
        (told,) = db.session.scalars(select(JobRun.told)).all()
    assert told is not None and "nowhere" in told["error"] and "周晚晴" not in told["error"]


def test_what_a_job_found_is_no_failure(house: House, clock: Clock) -> None:
    worker = house.worker("a")
    house.beat(worker)
    clock.advance(minutes=5)

    def find() -> None:
        raise fault("job.backup_old", days=9)

    house.happens = find
    assert worker.run("count") is Outcome.FOUND
    assert (house.job().tries, house.job().due_at) == (0, clock() + timedelta(minutes=5))


def test_a_bell_nobody_heard_is_rung_again_and_days_that_passed_are_one_run(
    house: House, clock: Clock
) -> None:
    worker = house.worker("a")
    house.beat(worker)
    clock.advance(days=3)
    assert house.beat(worker) == 1
    clock.advance(seconds=59)
    assert house.beat(worker) == 0
    clock.advance(seconds=2)
    assert house.beat(worker) == 1
    assert worker.run("count") is Outcome.DONE
    assert worker.run("count") is None
    assert house.job().due_at > clock()


def test_a_clock_that_ran_ahead_and_is_set_right_holds_nothing_up(
    house: House, clock: Clock
) -> None:
    first, second = house.worker("a"), house.worker("b")
    clock.advance(days=400)  # a flat battery
    house.beat(first)
    clock.advance(minutes=5)
    assert house.beat(first) == 1

    def die() -> None:
        raise KeyboardInterrupt

    house.happens = die
    with pytest.raises(KeyboardInterrupt):
        first.run("count")
    house.happens = lambda: None
    clock.advance(days=-400)
    assert house.beat(second) == 0  # takes the schedulership, and the job is due at its next time
    clock.advance(minutes=5)
    assert house.beat(second) == 1
    assert second.run("count") is Outcome.DONE
    assert house.outcomes() == ["lost", "done"]
    clock.advance(days=400)
    house.beat(second)
    clock.advance(days=-400)
    house.beat(second)  # the same process all along
    clock.advance(minutes=5)
    assert house.beat(second) == 1 and second.run("count") is Outcome.DONE


def test_who_stops_hands_back_what_it_holds(house: House, clock: Clock) -> None:
    first, second = house.worker("a"), house.worker("b")
    house.beat(first)
    clock.advance(minutes=5)
    assert house.beat(first) == 1
    assert house.beat(second) == 0

    def be_told_to_stop() -> None:
        first.leave()
        clock.advance(seconds=20)  # less than the term: the next sign of life of the other
        house.happens = lambda: None
        assert house.beat(second) == 1
        assert second.run("count") is Outcome.DONE

    house.happens = be_told_to_stop
    assert first.run("count") is None
    assert house.outcomes() == ["stopped", "done"]


def test_only_the_last_runs_are_kept(house: House, clock: Clock) -> None:
    worker = house.worker("a")
    house.beat(worker)
    for _ in range(KEPT_RUNS + 2):
        clock.advance(minutes=5)
        worker.run("count")
    assert len(house.outcomes()) == KEPT_RUNS
