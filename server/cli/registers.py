"""``suicha registers``: firms and their classes of risk, officers, experts."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.words import FILE, _, json_option, report

# As ``server.exchange`` has them; the words of a command are needed before the server is there.
KINDS = [
    "firms", "vehicles", "tiers", "officers", "experts", "departments", "teams", "group", "items",
    "tags",
]  # fmt: skip


@click.group(help=_("监管对象库和执法人员库。"))
def registers() -> None:
    """The group itself does nothing."""


@registers.command(
    "import",
    help=_(
        "导入名录（XLSX、XLS 或 CSV）：监管对象（firms）、车辆（vehicles）、信用风险分类（tiers）、"
        "执法人员（officers）、专家与专业机构（experts）、部门（departments）、队伍（teams）、"
        "领导小组（group）、抽查事项清单（items）、标签库（tags）。"
    ),
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help=_("只比对，不写入。"))
@json_option
def import_(kind: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Rows are matched by the key of the register, credit code or certificate number or code."""
    from server.cli.county import county
    from server.exchange.service import import_file

    with county():
        found = import_file(kind, file.name, file.read_bytes(), dry_run=dry_run)
    text = _("名录：新增 {created}，更新 {updated}，未变 {unchanged}。")
    line = text.format(created=found.created, updated=found.updated, unchanged=found.unchanged)
    warned = _("第 {row} 行“{name}”请核对：可能与名录库中已有的重复，或已停用。")
    lines = [warned.format(row=one["row"], name=one["name"]) for one in found.warnings]
    report(as_json, found.as_dict(), line, *dict.fromkeys(lines))
