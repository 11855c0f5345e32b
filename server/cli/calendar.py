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
@click.option("--document", default="", help=_("通知的发文字号，默认用文件名。"))
@json_option
def import_(file: Path, document: str, as_json: bool) -> None:
    """Replaces what was known of the notice's years; due dates follow at once."""
    from domain.calendar_notices import dump_notice_file, read_notice_file
    from server.cli.county import application, refuse_old_schema
    from server.deadlines.notices import MAX_DOCUMENT_CHARACTERS, import_notice

    days = read_notice_file(file.read_bytes())
    name = (document or file.name)[:MAX_DOCUMENT_CHARACTERS]
    with application():
        refuse_old_schema()
        years = list(import_notice(None, days, name, dump_notice_file(days)).years)
    shown = ", ".join(str(year) for year in years)
    report(
        as_json,
        {"imported": len(days), "years": years},
        _("已导入 {count} 天，年度：{years}", count=len(days), years=shown),
    )
