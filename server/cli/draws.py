"""``suicha draw``: what was drawn, its public record, and whether that record is true."""

from __future__ import annotations

import json
from pathlib import Path

import click

from server.cli.words import FILE, BadInput, CheckFailed, _, json_option, report


@click.group("draw", help=_("抽取。"))
def draw() -> None:
    """The group itself does nothing."""


@draw.command("list", help=_("列出各次抽取。"))
@json_option
def list_(as_json: bool) -> None:
    """The newest first; pools that were never drawn too."""
    from server.cli.county import county, operator
    from server.draws.service import list_draws

    with county():
        rows = [
            {
                "id": one.public_id,
                "state": str(one.state),
                "task": one.task.task_no,
                "name": one.task.name,
                "pool_sha256": one.pool_sha256,
                "frozen_at": one.frozen_at,
                "drawn_at": one.drawn_at,
            }
            for one in list_draws(operator())
        ]
    lines = [f"{row['id']}  {row['state']:<9} {row['task']}  {row['name']}" for row in rows]
    report(as_json, {"draws": rows}, *(lines or [_("还没有抽取。")]))


@draw.command(help=_("导出一次抽取的公开记录（JSON），可用 verify 核对。"))
@click.argument("draw_id", metavar="ID")
@click.option("--json", "_as_json", is_flag=True, help=_("本命令总是输出 JSON。"))
def export(draw_id: str, _as_json: bool) -> None:
    """A draw's number or a change's. The record itself is the document, so that ``> file`` gives
    what ``verify`` reads."""
    from server.cli.county import county, operator
    from server.draws.change_service import export_change
    from server.draws.service import export_draw

    with county():
        record = export_change(operator(), draw_id) or export_draw(operator(), draw_id)
    report(True, record)


@draw.command(help=_("重新计算一份抽取记录；不需要数据库。"))
@click.argument("file", type=FILE)
@json_option
def verify(file: Path, as_json: bool) -> None:
    """Exit 0 when everything follows from pool and seed, 1 with the first difference in words
    otherwise; with --json all of them."""
    from domain.draw_files import list_differences, name_of_record
    from server.cli.draw_words import difference_in_words

    try:
        record = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise BadInput("request.not_json", _("{file} 不是抽取记录（JSON）。", file=file.name))
    differences = list_differences(record)
    document = {"equal": not differences, "differences": [str(one) for one in differences]}
    if not differences:
        name = name_of_record(record)
        report(as_json, document, _("一致：{id} 重新计算的结果与记录相同。", id=name))
        return
    first = differences[0]
    report(as_json, document, first if isinstance(first, str) else difference_in_words(first))
    raise CheckFailed(
        _("不一致：有 {count} 处与重新计算的结果不同，--json 列出全部。", count=len(differences))
    )
