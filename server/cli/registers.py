"""``suicha registers``: firms and their classes of risk, officers, experts."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.words import FILE, _, json_option, report


@click.group(help=_("监管对象库和执法人员库。"))
def registers() -> None:
    """The group itself does nothing."""


@registers.command(
    "import",
    help=_(
        "导入监管对象（firms）、信用风险分类（tiers）、执法人员（officers）或专家与专业机构"
        "（experts）名录（XLSX、XLS 或 CSV）。"
    ),
)
@click.argument("kind", type=click.Choice(["firms", "tiers", "officers", "experts"]))
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help=_("只比对，不写入。"))
@json_option
def import_(kind: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Rows are matched by credit code or certificate number."""
    from server.cli.county import county
    from server.exchange.service import import_file

    with county():
        found = import_file(kind, file.name, file.read_bytes(), dry_run=dry_run)
    text = _("名录：新增 {created}，更新 {updated}，未变 {unchanged}。")
    line = text.format(created=found.created, updated=found.updated, unchanged=found.unchanged)
    warned = _("第 {row} 行“{name}”请核对：可能与名录库中已有的重复，或已停用。")
    lines = [warned.format(row=one["row"], name=one["name"]) for one in found.warnings]
    report(as_json, found.as_dict(), line, *dict.fromkeys(lines))
