"""``suicha users``: accounts and their roles. Passwords are never arguments: those are visible to
every process of the machine."""

from __future__ import annotations

import sys
from typing import Any

import click

from domain.access_table import Role
from domain.errors import fault
from server.cli.words import BadInput, _, json_option, report

ROLES = click.Choice([role.value for role in Role if role is not Role.PUBLIC])
from_stdin = click.option("--password-stdin", is_flag=True, help=_("从标准输入读取密码，不询问。"))


@click.group(help=_("账号。"))
def users() -> None:
    """The group itself does nothing."""


@users.command("list", help=_("列出账号。"))
@json_option
def list_(as_json: bool) -> None:
    """By account name; without anything secret."""
    from server.accounts.service import list_people
    from server.cli.county import county

    with county():
        people: list[dict[str, Any]] = [
            {
                "account": person.account,
                "name": person.name,
                "department": person.department.name,
                "roles": sorted(role.role for role in person.roles),
                "active": person.is_active,
            }
            for person in list_people()
        ]
    lines = [
        f"{one['account']:<14} {one['name']}　{one['department']}（{', '.join(one['roles'])}）"
        + ("" if one["active"] else _("（已停用）"))
        for one in people
    ]
    report(as_json, {"users": people}, *lines)


@users.command(help=_("新建账号。"))
@click.argument("account")
@click.option("--name", required=True, help=_("姓名。"))
@click.option("--department", required=True, help=_("部门代码、名称或别名。"))
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help=_("角色，可多次。"))
@from_stdin
@json_option
def add(
    account: str,
    name: str,
    department: str,
    roles: tuple[str, ...],
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Asks for the password twice, or reads it from standard input."""
    from server.accounts.service import add_person, find_department, get_jurisdiction
    from server.cli.county import county

    password = _read_password(password_stdin)
    with county():
        found = find_department(department)
        if found is None:
            raise BadInput("request.bad_parameter", _("没有这个部门：{name}", name=department))
        owner = get_jurisdiction(found.jurisdiction_id)
        person = add_person(owner, found, account, name, password, [Role(role) for role in roles])
        document = {"account": person.account, "roles": sorted(roles)}
    report(as_json, document, _("已新建账号 {account}。", account=document["account"]))


@users.command(help=_("设置新密码。"))
@click.argument("account")
@from_stdin
@json_option
def password(account: str, password_stdin: bool, as_json: bool) -> None:
    """Asks for the password twice, or reads it from standard input."""
    from server.accounts.service import set_password
    from server.cli.county import county

    new = _read_password(password_stdin)
    with county():
        set_password(account, new)
    report(as_json, {"account": account}, _("已为 {account} 设置新密码。", account=account))


@users.command(help=_("设置账号的全部角色。"))
@click.argument("account")
@click.argument("roles", type=ROLES, nargs=-1, required=True)
@json_option
def roles(account: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Replaces the roles; whoever is signed in has the new ones from the next request on."""
    from server.accounts.models import PersonRole
    from server.accounts.service import list_people
    from server.audit.service import write_event
    from server.cli.county import county
    from server.db import unit_of_work

    with county(), unit_of_work():
        person = next((one for one in list_people() if one.account == account.lower()), None)
        if person is None:
            raise fault("account.unknown")
        kept = [role for role in person.roles if role.role in roles]
        held = {role.role for role in kept}
        person.roles = kept + [PersonRole(role=role) for role in sorted({*roles} - held)]
        write_event(
            person.jurisdiction_id, None, "person.roles_set", f"person:{person.id}",
            roles=sorted({*roles}),
        )  # fmt: skip
    document = {"account": account.lower(), "roles": sorted({*roles})}
    line = _("{account} 的角色：{roles}", account=account, roles=", ".join(document["roles"]))
    report(as_json, document, line)


def _read_password(from_standard_input: bool) -> str:
    if from_standard_input:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt(_("密码"), hide_input=True, confirmation_prompt=True, err=True)
    return answer
