"""``suicha reminders``: telling people of their terms."""

from __future__ import annotations

import click

from server.cli.words import _, json_option, report


@click.group(help=_("期限提醒。"))
def reminders() -> None:
    """The group itself does nothing."""


@reminders.command(help=_("写入今天应提醒的事项，并发出此时可以发出的提醒；可重复运行。"))
@json_option
def send(as_json: bool) -> None:
    """For the job that runs every few minutes. Exit 0 also where a message waits to be tried
    again: ``failures`` says what did not leave."""
    from server.cli.county import county
    from server.notifications.service import send_due

    with county():
        done = send_due().as_plain()
    report(
        as_json,
        done,
        _(
            "新提醒 {written} 条；发出 {sent} 条，待重试 {waiting} 条，未能发出 {ended} 条。",
            **done,
        ),
    )


@reminders.command(help=_("列出近七天没有发出、或等待重试的提醒。"))
@json_option
def failures(as_json: bool) -> None:
    """By person and channel, without text or address."""
    from server.cli.county import county, operator
    from server.notifications.service import failures as list_failures

    with county():
        rows = list_failures(operator().jurisdiction_id)
    lines = [
        _("{made_at}  人员 {person}  {channel}  {outcome}  {note}  第 {tries} 次", **row)
        for row in rows
    ]
    report(as_json, {"failures": rows}, *(lines or [_("近七天的提醒均已发出。")]))
