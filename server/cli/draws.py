"""``suicha draw``: what was drawn, its public record, and whether that record is true."""

from __future__ import annotations

import json
from pathlib import Path

import click

from server.cli.words import FILE, BadInput, CheckFailed, _, cli_locale, json_option, report


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
                "origin": one.origin,
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
    from server.draws.official import export_official
    from server.draws.service import export_draw

    with county():
        actor = operator()
        record = export_change(actor, draw_id) or export_official(actor, draw_id)
        record = record or export_draw(actor, draw_id)
    report(True, record)


@draw.command("import", help=_("导入官方平台的抽取结果（XLSX、XLS、CSV），整份导入或不导入。"))
@click.argument("file", type=FILE)
@click.option("--task", "number", required=True, metavar="NUMBER", help=_("任务编号。"))
@click.option("--platform", default="", help=_("平台名称，默认取自辖区设置。"))
@click.option("--number", "official_no", default="", help=_("平台编号，文件中没有时填写。"))
@click.option("--drawn-at", default="", help=_("抽取时间，文件中没有时填写。"))
@click.option("--dry-run", is_flag=True, help=_("只看读出了什么，不保存。"))
@json_option
def import_(
    file: Path,
    number: str,
    platform: str,
    official_no: str,
    drawn_at: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """The same draw again imports nothing and says so; problems are listed, exit 1."""
    from server.cli.county import county, home_office
    from server.draws.official import OfficialFile, import_official, preview_official
    from server.planning.service import list_own_tasks
    from server.runtime import today

    with county():
        actor = home_office()
        tasks = [
            one.id for one in list_own_tasks(actor) if number in (one.task_no, one.official_no)
        ]
        if not tasks:
            raise BadInput("plan.not_found", _("没有编号为 {number} 的任务。", number=number))
        handed_in = OfficialFile(file.name, file.read_bytes(), platform, official_no, drawn_at)
        found = preview_official(actor, tasks[0], handed_in)
        is_good = not found.read.problems and not found.differences
        if is_good and not dry_run:
            found = import_official(actor, tasks[0], handed_in, today())
        document = {**found.as_dict(cli_locale()), "dry_run": dry_run}
        count = len(found.read.firms)
    if found.unchanged:
        report(as_json, document, _("{file} 此前已导入，未作改动。", file=file.name))
    elif not is_good:
        told = [f"{one['row'] or '-'}  {one['text']}" for one in document["problems"]]
        report(as_json, document, *found.differences, *told)
        raise CheckFailed(_("文件有问题，未导入。"))
    elif dry_run:
        report(as_json, document, _("试读 {count} 户（未保存）。", count=count))
    else:
        report(as_json, document, _("已导入 {count} 户，检查任务已下发。", count=count))


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
    if record.get("kind") == "official":
        report(as_json, document)
        text = _("{id} 在官方平台抽取，没有随机数，无法重新计算。", id=name_of_record(record))
        raise CheckFailed(text)
    first = differences[0]
    report(as_json, document, first if isinstance(first, str) else difference_in_words(first))
    raise CheckFailed(
        _("不一致：有 {count} 处与重新计算的结果不同，--json 列出全部。", count=len(differences))
    )
