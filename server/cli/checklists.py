"""``suicha checklists``: the item list and its checklists."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.words import FILE, _, json_option, report


@click.group(help=_("抽查事项清单和检查表。"))
def checklists() -> None:
    """The group itself does nothing."""


@checklists.command("import", help=_("导入检查表（YAML）；内容有变的另立新版本。"))
@click.argument("file", type=FILE)
@json_option
def import_(file: Path, as_json: bool) -> None:
    """A malformed file is refused whole, naming list, item and field."""
    from server.cli.county import county
    from server.registry.service import import_checklists

    with county():
        found = import_checklists(file.read_bytes())
    unchanged = len(found.lists) - found.imported
    text = _("检查表：新增或更新 {imported} 张，未变 {unchanged} 张。")
    report(as_json, found.as_dict(), text.format(imported=found.imported, unchanged=unchanged))
