"""``suicha receipt``: custody receipts, for whoever holds one and the operator who is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from domain.errors import fault
from server.cli.words import FILE, BadInput, CheckFailed, _, json_option, report


@click.group(help=_("保管回执：服务器已收到什么，由服务器签名。"))
def receipt() -> None:
    """The group itself does nothing."""


@receipt.command(help=_("核对一份保管回执的签名。"))
@click.argument("file", type=FILE)
@click.option("--keys", type=FILE, help=_("公钥文件（/api/v1/custody-keys 的内容），不用数据库。"))
@json_option
def verify(file: Path, keys: Path | None, as_json: bool) -> None:
    """Exit 0 when a key on record signed exactly this, 1 otherwise, 2 for a file that is none."""
    from server.custody.signing import check_document

    document = _read(file)
    problems = check_document(document, read_keys(keys) if keys else _stored_keys())
    if problems:
        report(as_json, {"valid": False, "problems": problems}, *(_word(one) for one in problems))
        raise CheckFailed(_("回执无效，请勿据此删除手机上的内容。"))
    found = document["receipt"]
    line = _(
        "有效：{name} 在 {number} 的操作 {ops} 条、照片 {stored}/{declared} 张，{at} 签发。",
        name=found["person"]["name"],
        number=found["number"],
        ops=len(found["ops"]),
        stored=found["photos_stored"],
        declared=found["photos_declared"],
        at=found["issued_at"],
    )
    report(as_json, {"valid": True, "problems": [], "receipt": found}, line)


@receipt.command(help=_("为某人在一次检查中的内容签发回执，总是输出 JSON。"))
@click.argument("space")
@click.option("--account", required=True, help=_("检查人员的账号。"))
@click.option("--json", "_as_json", is_flag=True, help=_("本命令总是输出 JSON。"))
def issue(space: str, account: str, _as_json: bool) -> None:
    """The document itself, so that ``> file`` gives what ``verify`` reads."""
    from server.accounts.service import list_people
    from server.accounts.sessions import actor_of
    from server.cli.county import county
    from server.custody.service import issue_receipt

    with county():
        person = next((one for one in list_people() if one.account == account.lower()), None)
        if person is None:
            raise fault("account.unknown")
        document = issue_receipt(actor_of(person), space)
    report(True, document)


@receipt.command(help=_("列出核对回执用的公钥，总是输出 JSON。"))
@click.option("--json", "_as_json", is_flag=True, help=_("本命令总是输出 JSON。"))
def keys(_as_json: bool) -> None:
    """What ``verify --keys`` reads."""
    from server.cli.county import county
    from server.custody.service import dump_keys

    with county():
        document = {"keys": dump_keys()}
    report(True, document)


def _stored_keys() -> dict[str, str]:
    from server.cli.county import county
    from server.custody.service import dump_keys

    with county():
        return {key["key_id"]: key["public_key"] for key in dump_keys()}


def read_keys(file: Path) -> dict[str, str]:
    """What ``suicha receipt keys`` prints. Raises BadInput."""
    from server.custody.signing import Unreadable, parse_document, parse_keys

    try:
        return parse_keys(parse_document(file.read_bytes()))
    except Unreadable:
        raise BadInput("request.not_json", _("{file} 不是公钥文件。", file=file.name)) from None


def _read(file: Path) -> dict[str, Any]:
    from server.custody.signing import Unreadable, parse_document

    try:
        return parse_document(file.read_bytes())
    except Unreadable:
        text = _("{file} 不是保管回执（JSON）。", file=file.name)
        raise BadInput("request.not_json", text) from None


def _word(problem: str) -> str:
    words = {
        "custody.wrong_shape": _("内容不是保管回执，或缺少、多出栏目。"),
        "custody.unknown_format": _("不认识这种回执格式。"),
        "custody.unknown_key": _("签名所用的密钥没有登记。"),
        "custody.not_canonical": _("文字的写法与签名时不同。"),
        "custody.bad_signature": _("签名与内容不符：内容被改动过，或不是本系统签发。"),
    }
    return f"{problem}: {words[problem]}"
