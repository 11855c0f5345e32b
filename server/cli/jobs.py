"""``suicha worker`` does what is due; ``suicha jobs`` shows it and runs one now."""

from __future__ import annotations

import click

from server.cli.words import _, json_option, report


@click.command(help=_("执行定时任务，直到停止；suicha run 自带一个。"))
def worker() -> None:
    """For machines of their own, or beside ``suicha run --without-worker``."""
    from server.cli.home_lock import holding_home
    from server.cli.run import check_database
    from server.config import load_config
    from server.jobs.working import work

    config = load_config()
    check_database()
    with holding_home(config.home):  # nothing is restored below a running worker
        click.echo(_("任务进程已启动（按 Ctrl+C 停止）"))
        work(config)


@click.group(help=_("定时任务。"))
def jobs() -> None:
    """The group itself does nothing."""


@jobs.command("list", help=_("列出定时任务：状态、下次运行、最近的问题。"))
@json_option
def list_(as_json: bool) -> None:
    """Also says whether a scheduler is alive."""
    from domain.errors import FAULTS, message
    from server.cli.county import application, refuse_old_schema
    from server.cli.words import cli_locale
    from server.jobs.service import JobView, dump_job, list_jobs, look

    def line(one: JobView) -> str:
        told = (one.last.told if one.last else None) or {}
        found = told.get("code")
        text = message(found, cli_locale(), told["details"]) if found in FAULTS else ""
        return _(
            "{name}  {state}  下次 {next}  {told}",
            name=one.name,
            state=one.state,
            next=one.due_at.isoformat() if one.due_at else "-",
            told=text or told.get("error", ""),
        ).rstrip()

    with application():
        refuse_old_schema()
        health, found = look(), list_jobs()
        document = {
            "scheduler": health.is_scheduled,
            "workers": len(health.workers),
            "jobs": [dump_job(one) for one in found],
        }
        lines = [line(one) for one in found]
    lines.append(
        _("任务进程 {n} 个在运行", n=len(health.workers))
        if health.is_scheduled
        else _("没有任务进程在运行")
    )
    report(as_json, document, *lines)


@jobs.command(help=_("马上运行一项定时任务。"))
@click.argument("name")
@json_option
def retry(name: str, as_json: bool) -> None:
    """A running worker begins within seconds; without one it waits for the next."""
    from server.cli.county import application, refuse_old_schema
    from server.jobs.service import make_due

    with application():
        refuse_old_schema()
        make_due(name)
    report(as_json, {"job": name, "due": True}, _("已安排：{name}", name=name))
