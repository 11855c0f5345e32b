"""``suicha deadlines``: what happened to the terms of the work."""

from __future__ import annotations

import click

from server.cli.words import _, json_option, report


@click.group(help=_("各项期限。"))
def deadlines() -> None:
    """The group itself does nothing."""


@deadlines.command(help=_("补记各项期限到此刻为止的变化（开始、变更、临近、超期、完成）。"))
@json_option
def advance(as_json: bool) -> None:
    """For an hourly job. Called late or twice it writes the same events once, with the times at
    which they happened."""
    from server.cli.county import application, refuse_old_schema
    from server.deadlines.service import advance as bring_forward

    with application():
        refuse_old_schema()
        written = bring_forward()
    report(as_json, {"written": written}, _("已补记 {count} 条。", count=written))
