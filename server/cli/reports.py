"""``suicha report``: a report counted from the records, as XLSX and PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from domain.reports.report_calendar import PROGRESS_DAYS
from domain.reports.task_summary import SummaryType
from server.cli.words import BadInput, _, json_option
from server.cli.words import report as tell

if TYPE_CHECKING:
    from domain.access import Actor
    from server.reports.service import Report

LAST_PROGRESS = len(PROGRESS_DAYS)
NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
Count = Callable[["Actor"], Mapping[str, Any]]
Make = Callable[["Actor"], "Report"]


def _files(command: Any) -> Any:
    """What every report takes."""
    for option in (
        click.option("--xlsx", type=NEW_FILE, help=_("写出 XLSX 文件。")),
        click.option("--pdf", type=NEW_FILE, help=_("写出 PDF 文件。")),
        click.option(
            "--by", "account", default="", metavar="ACCOUNT",
            help=_("以此账号生成并存档；不写则只统计，不存档。"),
        ),
        json_option,
    ):  # fmt: skip
        command = option(command)
    return command


@click.group("report", help=_("报表。"))
def report() -> None:
    """The group itself does nothing."""


@report.command(help=_("附件1：本年度累计，截至 --on（默认今天）。"))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help=_("截止日期。"))
@_files
def annex1(day: Any, **files: Any) -> None:
    """As the records stood when that day ended."""
    from server.reports import service
    from server.runtime import today

    wanted = day.date() if day else None
    _make(
        lambda actor: service.count_annex1_of(actor, wanted or today()),
        lambda actor: service.make_annex1(actor, wanted or today()),
        **files,
    )


@report.command(help=_("附件2：一个月的情况，默认上一个整月。"))
@click.option("--month", type=click.DateTime(["%Y-%m"]), help=_("月份，如 2026-03。"))
@_files
def annex2(month: Any, **files: Any) -> None:
    """Of the month, with what was entered by hand for it."""
    from domain.reports.report_calendar import month_before
    from server.reports import service
    from server.runtime import today

    def first() -> date:
        return month.date() if month else month_before(today())[0]

    _make(
        lambda actor: service.count_annex2_of(actor, first()),
        lambda actor: service.make_annex2(actor, first()),
        **files,
    )


@report.command(help=_("年度数据，截至 --on（默认今天），与上年同期对照。"))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help=_("截止日期。"))
@click.option(
    "--progress", "number", type=click.IntRange(1, LAST_PROGRESS), default=None,
    help=_("第几次工作开展情况数据，不写则为全年。"),
)  # fmt: skip
@_files
def annual(day: Any, number: int | None, **files: Any) -> None:
    """The year's numbers beside those of the year before."""
    from server.reports import service
    from server.runtime import today

    wanted = day.date() if day else None
    _make(
        lambda actor: service.count_annual_of(actor, wanted or today(), number or 0),
        lambda actor: service.make_annual(actor, wanted or today(), number or 0),
        **files,
    )


@report.command(help=_("一项任务的抽查结果汇总表；TASK 为任务编号。"))
@click.argument("number", metavar="TASK")
@click.option(
    "--type", "kind", type=click.Choice([one.value for one in SummaryType]),
    help=_("发起或配合，默认按计划。"),
)  # fmt: skip
@_files
def summary(number: str, kind: str | None, **files: Any) -> None:
    """The newest task of that number among the bureau's own."""
    from server.planning.service import list_own_tasks
    from server.reports import service

    def chosen(actor: Actor) -> tuple[int, SummaryType]:
        tasks = [one for one in list_own_tasks(actor) if number in (one.task_no, one.official_no)]
        if not tasks:
            raise BadInput("plan.not_found", _("没有编号为 {number} 的任务。", number=number))
        task = max(tasks, key=lambda one: one.id)
        return task.id, SummaryType(kind) if kind else service.usual_type(task.ownership)

    _make(
        lambda actor: service.count_summary_of(actor, *chosen(actor)),
        lambda actor: service.make_summary(actor, *chosen(actor)),
        **files,
    )


def _make(
    count: Count, make: Make, *, xlsx: Path | None, pdf: Path | None, account: str, as_json: bool
) -> None:
    from domain.reports.frozen import build_form, list_texts
    from server.cli.county import county, home_office
    from server.reports import service
    from server.reports.files import changes_of, stamp_of
    from server.reports.paper import typeset_paper
    from server.reports.workbook import write_workbook

    with county() as app, app.test_request_context():
        made = None
        if account:
            actor = _actor_of(account)
            made = service.get_report(actor, make(actor).id)
            content = made.content
        else:
            content = count(home_office())
        form = build_form(content)
        if xlsx:
            xlsx.write_bytes(write_workbook(form, changes_of(made) if made else None))
        if pdf:
            pdf.write_bytes(typeset_paper(form, stamp_of(made) if made else "未存档"))
        texts, stored = list_texts(content), made.row.id if made else None
    document = {
        "kind": content["kind"],
        "day": content["day"],
        "unit": content["unit"],
        "texts": texts,
        "report": stored,
        "sha256": made.row.digest if made else None,
        "files": [str(one) for one in (xlsx, pdf) if one],
    }
    lines = [_("已存档：第 {n} 号报表。", n=stored) if stored else _("已统计，未存档。")]
    lines += [_("已写入 {file}。", file=one) for one in document["files"]]
    tell(as_json, document, *lines)


def _actor_of(account: str) -> Actor:
    from domain.errors import fault
    from server.accounts.service import list_people
    from server.accounts.sessions import actor_of

    for person in list_people():
        if person.account == account and person.is_active:
            return actor_of(person)
    raise fault("account.unknown")
