"""``suicha registers``: firms and officers (两库)."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.words import FILE, _, json_option, report


@click.group(help=_("监管对象库和执法人员库。"))
def registers() -> None:
    """The group itself does nothing."""


@registers.command("import", help=_("导入监管对象（firms）或执法人员（officers）名录（CSV）。"))
@click.argument("kind", type=click.Choice(["firms", "officers"]))
@click.argument("file", type=FILE)
@json_option
def import_(kind: str, file: Path, as_json: bool) -> None:
    """Rows are matched by credit code or certificate number."""
    from server.cli.county import county
    from server.registry.service import import_firms, import_officers

    with county():
        found = (import_firms if kind == "firms" else import_officers)(file.read_bytes())
    text = _("名录：新增 {created}，更新 {updated}，未变 {unchanged}。")
    line = text.format(created=found.created, updated=found.updated, unchanged=found.unchanged)
    report(as_json, found.as_dict(), line)
