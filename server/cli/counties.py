"""``suicha county``: a county of one's own, in one command on an empty machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.words import _, json_option, report

if TYPE_CHECKING:
    from server.accounts.founding import Founded

LISTS = Path(__file__).parent.parent.parent / "data" / "checklists.yaml"


@click.group(help=_("本县。"))
def county() -> None:
    """The group itself does nothing."""


@county.command(help=_("建立本县：本单位、首个管理员，密码只显示一次；可重复运行。"))
@click.option("--name", required=True, help=_("县（市、区）全称，如 示例县。"))
@click.option("--department", required=True, help=_("本单位名称，如 交通运输局。"))
@click.option("--admin", "account", required=True, help=_("管理员的登录账号。"))
@click.option("--admin-name", default="管理员", help=_("管理员姓名。"))
@click.option("--code", default="000000", help=_("六位行政区划代码。"))
@click.option("--checklists", is_flag=True, help=_("同时导入随附的 14 张检查表。"))
@json_option
def create(
    name: str,
    department: str,
    account: str,
    admin_name: str,
    code: str,
    checklists: bool,
    as_json: bool,
) -> None:
    """Does what ``suicha setup --no-demo`` does first, where that was not done; whole or not at
    all. Under the same name again it says what is there."""
    from server.accounts.founding import found_county
    from server.cli.setup import prepared
    from server.config import load_config
    from server.db import unit_of_work
    from server.registry.service import import_checklists

    config = load_config()
    with prepared(config), unit_of_work():
        found = found_county(name, department, account, admin_name, code)
        lists = import_checklists(LISTS.read_bytes()).imported if checklists else 0
    document = {
        "created": found.is_new,
        "county": found.county,
        "code": found.code,
        "department": found.department,
        "aliases": found.aliases,
        "administrators": found.administrators,
        "departments": found.departments,
        "accounts": found.accounts,
        "checklists_imported": lists,
        "password": found.password,
    }
    report(as_json, document, *_lines(found, lists))


def _lines(found: Founded, lists: int) -> list[str]:
    if found.is_new:
        lines = [
            _("已建立：{county}（{department}）", county=found.county, department=found.department),
            _("管理员账号：{account}", account=found.administrators[0]),
            _("密码：{password}（只显示这一次，请当面交给本人）", password=found.password),
        ]
    else:
        there = _(
            "已有：{county}（{department}），部门 {departments} 个，账号 {accounts} 个，未作改动。",
            county=found.county,
            department=found.department,
            departments=found.departments,
            accounts=found.accounts,
        )
        lines = [there, _("管理员账号：{account}", account="、".join(found.administrators))]
    if found.aliases:
        lines.append(_("计划表中的写法：{aliases}", aliases="、".join(found.aliases)))
    if lists:
        lines.append(_("已导入检查表 {count} 张。", count=lists))
    if found.is_new:
        lines.append(_("下一步：suicha run，用该账号登录，在“账号管理”中开通各部门账号。"))
    return lines
