"""``suicha db``: the schema."""

from __future__ import annotations

import click

from server.cli.words import _, json_option, report


@click.group("db", help=_("数据库。"))
def database() -> None:
    """The group itself does nothing."""


@database.command(help=_("升级数据库结构。"))
@json_option
def upgrade(as_json: bool) -> None:
    """Runs the missing migrations, and fills the table of public results where it is new."""
    from server.cli.county import application
    from server.db import db
    from server.disclosure.service import catch_up
    from server.schema import upgrade_schema

    with application() as app:
        app.extensions["suicha"].config.home.mkdir(parents=True, exist_ok=True)
        before, after = upgrade_schema(db.engine)
        catch_up()
    line = (
        _("数据库结构已是最新：{revision}", revision=after)
        if before == after
        else _("数据库结构已升级：{before} → {after}", before=before or "-", after=after)
    )
    report(as_json, {"before": before, "after": after}, line)
