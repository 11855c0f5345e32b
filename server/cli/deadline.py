"""``suicha deadline``: when something must be entered. Quick, and needs no database."""

from __future__ import annotations

import click

from domain.deadlines import due_date, parse_date
from server.cli.words import _, json_option, report


@click.command(help=_("计算录入期限：检查结束日之后第 N 个工作日。"))
@click.argument("date")
@click.option("--days", type=int, required=True, metavar="N", help=_("工作日数。"))
@json_option
def deadline(date: str, days: int, as_json: bool) -> None:
    """Day 1 is the day after DATE; the due date goes to stdout, its standing to stderr."""
    from server.cli.calendar_source import read_calendar

    found = due_date(parse_date(date), days, read_calendar())
    report(
        as_json,
        {
            "due": found.due.isoformat(),
            "provisional": found.provisional,
            "skipped": [day.isoformat() for day in found.skipped],
        },
        found.due.isoformat(),
    )
    if not as_json:
        click.echo(
            _("暂定：途经年份的放假通知尚未公布。")
            if found.provisional
            else _("确定：途经年份的放假通知均已公布。"),
            err=True,
        )
