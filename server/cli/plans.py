"""``suicha plans``: annual plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.words import FILE, _, cli_locale, json_option, report

if TYPE_CHECKING:
    from server.planning.service import ImportReport


@click.group(help=_("年度抽查计划。"))
def plans() -> None:
    """The group itself does nothing."""


@plans.command("import", help=_("导入计划表（Excel 或 CSV）；有一处读不懂就整份不导入。"))
@click.argument("file", type=FILE)
@click.option("--year", type=click.IntRange(2000, 2100), help=_("计划年度，默认取自表中或文件名。"))
@click.option("--dry-run", is_flag=True, help=_("只看读出了什么，不保存。"))
@json_option
def import_(file: Path, year: int | None, dry_run: bool, as_json: bool) -> None:
    """The same file again imports nothing and says so."""
    from server.cli.county import county
    from server.planning.service import import_plan

    with county():
        found = import_plan(None, file.name, file.read_bytes(), year=year, dry_run=dry_run)
    report(as_json, found.as_dict(), *_lines(found))


def _lines(found: ImportReport) -> list[str]:
    if found.is_unchanged:
        return [_("{file} 此前已导入，未作改动。", file=found.file_name)]
    if not found.is_dry_run:
        text = _("已导入 {count} 项任务（本局参与 {own} 项）：{title}")
        return [text.format(count=found.imported, own=found.own, title=found.title)]
    from server.planning.service import note_text

    lines = [_("试读 {count} 行（未保存）：", count=len(found.rows))]
    for row in found.rows:
        notes = "；".join(note_text(note, cli_locale()) for note in row.notes)
        least = "≥" if row.is_minimum else ""
        lines.append(
            f"{row.row:>3}  {row.task_no:<11} {row.ownership:<12} {least}{row.ratio_percent}% "
            f"{row.start_month}–{row.end_month}  {row.name}"
            + (f"  [{', '.join(row.checklist_codes)}]" if row.checklist_codes else "")
            + (f"  ({notes})" if notes else "")
        )
    return lines
