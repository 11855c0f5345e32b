"""``suicha calendar``: the State Council's notices on days off."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.words import FILE, _, json_option, report


@click.group(help=_("工作日历。"))
def calendar() -> None:
    """The group itself does nothing."""


@calendar.command("import", help=_("导入放假通知（CSV：date,kind,name）。"))
@click.argument("file", type=FILE)
@json_option
def import_(file: Path, as_json: bool) -> None:
    """Replaces what was known of the notice's years; due dates follow at once."""
    from server.cli.county import application, refuse_old_schema
    from server.cli.notices import read_notice, store_notice

    days = read_notice(file.read_bytes())
    with application():
        refuse_old_schema()
        years = store_notice(days, file.name)
    shown = ", ".join(str(year) for year in years)
    report(
        as_json,
        {"imported": len(days), "years": years},
        _("已导入 {count} 天，年度：{years}", count=len(days), years=shown),
    )
