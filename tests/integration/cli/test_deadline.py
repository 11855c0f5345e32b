"""``suicha deadline``: quick, without a database, and honest about years without a notice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from server.cli.calendar_source import library_calendar, read_calendar
from server.deadlines.calendar import library_calendar as server_calendar
from tests.integration.cli.conftest import Run, run_process


def test_twenty_working_days_across_two_festivals(run: Run) -> None:
    done = run("deadline", "2024-09-05", "--days", "20")
    assert (done.code, done.out) == (0, "2024-10-10\n")
    assert "确定" in done.err


def test_process_ends_with_the_code_and_nothing_else_on_stdout(tmp_path: Path) -> None:
    done = run_process(tmp_path, "deadline", "2024-09-05", "--days", "20")
    assert (done.code, done.out) == (0, "2024-10-10\n")
    done = run_process(tmp_path, "deadline", "2024-09-05", "--days", "0")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_json_lists_the_days_that_were_skipped(run: Run) -> None:
    found = run("deadline", "2024-09-05", "--days", "20", "--json").document
    assert (found["due"], found["provisional"]) == ("2024-10-10", False)
    assert "2024-10-01" in found["skipped"] and "2024-09-29" not in found["skipped"]


def test_year_without_a_notice_is_provisional(run: Run) -> None:
    done = run("deadline", "2026-12-04", "--days", "20")
    assert (done.code, done.out) == (0, "2027-01-01\n")
    assert "暂定" in done.err


def test_nothing_is_written(run: Run, tmp_path: Path) -> None:
    run("deadline", "2024-09-05", "--days", "20")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("2024-13-05", "--days", "20"), "date.malformed"),
        (("20240905", "--days", "20"), "date.malformed"),
        (("5 September", "--days", "20"), "date.malformed"),
        (("2024-09-05", "--days", "0"), "date.days_below_one"),
        (("2024-09-05", "--days", "-3"), "date.days_below_one"),
        (("2024-09-05", "--days", "x"), "request.bad_parameter"),
        (("2024-09-05",), "request.bad_parameter"),
        (("9999-12-30", "--days", "20"), "date.out_of_range"),
    ],
)
def test_bad_input_is_one_clear_line(run: Run, arguments: tuple[str, ...], code: str) -> None:
    done = run("deadline", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"{code}: ") and done.err.count("\n") == 1


def test_terminal_in_another_language_is_answered_in_english(run: Run) -> None:
    done = run("deadline", "2024-13-05", "--days", "20", LANG="de_DE.UTF-8")
    assert "is not a date" in done.err
    assert "definite" in run("deadline", "2024-09-05", "--days", "20", LC_ALL="C").err


def test_quick_calendar_and_the_servers_are_the_same() -> None:
    quick, server = library_calendar(), server_calendar()
    assert quick.known_years == server.known_years
    day = date(2018, 1, 1)
    while day < date(2028, 1, 1):
        assert quick.is_working_day(day) == server.is_working_day(day), day
        day += timedelta(days=1)


def test_database_that_knows_another_notice_is_believed(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from domain.calendar_notices import read_notice_file
    from server.deadlines.notices import import_notice

    url = app.extensions["suicha"].config.database_url
    monkeypatch.setenv("SUICHA_DATABASE_URL", url)
    assert not read_calendar().is_known_year(2027)
    notice = "date,kind,name\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"
    with app.app_context():
        days = read_notice_file(notice.encode())
        assert import_notice(None, days, "2027.csv", notice).years == [2027]
    calendar = read_calendar()
    assert calendar.is_known_year(2027)
    assert not calendar.is_working_day(date(2027, 1, 1))
