"""``suicha demo``: the demo county and its accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from server.cli.words import _, json_option, report

if TYPE_CHECKING:
    from server.config import Config
    from server.demo.service import DemoAccount


@click.group(help=_("演示县。"))
def demo() -> None:
    """The group itself does nothing."""


@demo.command(help=_("载入演示县并列出演示账号；可重复运行。"))
@click.option("--without-plans", is_flag=True, help=_("不导入年度计划，也不抽取。"))
@click.option("--without-results", is_flag=True, help=_("不带已办结的检查。"))
@json_option
def load(without_plans: bool, without_results: bool, as_json: bool) -> None:
    """Refused in an installation that has a county of its own."""
    from server.cli.county import application, refuse_old_schema
    from server.demo.service import find_demo, is_empty, list_demo_accounts, load_demo

    with application() as app:
        refuse_old_schema()
        if find_demo() is None and not is_empty():
            from server.cli.words import BadInput

            raise BadInput("request.conflict", _("本系统已有辖区，不载入演示县。"))
        is_new = load_demo(with_plans=not without_plans, with_results=not without_results)
        accounts = list_demo_accounts()
        config = app.extensions["suicha"].config
        line = _("演示县已载入。") if is_new else _("演示县已在库中，未作改动。")
        document = {"loaded": is_new, **demo_document(config, accounts)}
    report(as_json, document, line, *account_lines(config, accounts))


def demo_document(config: Config, accounts: list[DemoAccount]) -> dict[str, Any]:
    """``{"url", "accounts": [{"account", "password", "roles", "name", "department"}, …]}``."""
    return {"url": base_url(config), "accounts": [account.as_dict() for account in accounts]}


def account_lines(config: Config, accounts: list[DemoAccount]) -> list[str]:
    """The same for a person."""
    lines = [_("演示网址：{url}", url=base_url(config))]
    for account in accounts:
        roles = ", ".join(account.roles)
        lines.append(f"  {account.account:<11} {account.name}　{account.department}（{roles}）")
    lines.append(_("演示密码（以上账号相同）：{password}", password=accounts[0].password))
    return lines


def base_url(config: Config) -> str:
    """Where ``suicha run`` serves with these settings."""
    return f"{'https' if config.is_https else 'http'}://{config.host}:{config.port}"
