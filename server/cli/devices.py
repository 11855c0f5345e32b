"""``suicha devices``: enrolled phones, and what is still on them."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.words import FILE, _, json_option, report


@click.group(help=_("已登记的手机。"))
def devices() -> None:
    """The group itself does nothing."""


@devices.command("list", help=_("列出手机及其自报的未送达数量，最需要处理的在前。"))
@json_option
def list_(as_json: bool) -> None:
    """Unsent work by deadline first."""
    from server.cli.county import county
    from server.devices.service import list_all_phones

    with county():
        rows = [phone.as_plain() for phone in list_all_phones()]
    lines = [
        _(
            "{id}  {account}  {name}  未送达 {unsent}  待传照片 {photos}  最近联系 {at}  {state}",
            id=row["id"],
            account=row["account"],
            name=row["name"] or "-",
            unsent="?" if row["unsent"] is None else row["unsent"],
            photos="?" if row["photos_waiting"] is None else row["photos_waiting"],
            at=row["contact_at"] or "-",
            state=row["state"],
        )
        for row in rows
    ]
    report(as_json, {"devices": rows}, *(lines or [_("还没有登记的手机。")]))


@devices.command(help=_("停用手机：不能再读取，已记录的内容仍可送达。"))
@click.argument("device")
@click.option("--reason", default="", help=_("停用理由。"))
@json_option
def revoke(device: str, reason: str, as_json: bool) -> None:
    """What the phone still sends is kept in quarantine (docs/protocol part 10)."""
    from server.accounts.service import revoke_device
    from server.cli.county import county

    with county():
        revoke_device(device, reason)
    report(as_json, {"device": device, "revoked": True}, _("已停用 {device}。", device=device))


@devices.command(help=_("命令已停用的手机清除数据；手机在全部送达或导出之后才执行。"))
@click.argument("device")
@json_option
def wipe(device: str, as_json: bool) -> None:
    """The phone hears of it at its next contact."""
    from server.accounts.service import order_wipe
    from server.cli.county import county

    with county():
        order_wipe(device)
    line = _("已下达清除指令，{device} 下次联系时得知。", device=device)
    report(as_json, {"device": device, "wipe_ordered": True}, line)


@devices.command("import", help=_("导入手机导出的“未送达记录”文件；重复导入不会重复生效。"))
@click.argument("file", type=FILE)
@json_option
def import_(file: Path, as_json: bool) -> None:
    """Through the same push as the phone itself (docs/protocol 13.8)."""
    from server.cli.county import county
    from server.devices.service import import_unsent

    with county(), file.open("rb") as opened:
        found = import_unsent(None, opened)
    lines = [
        _(
            "{device}（{account}）：操作 {ops} 条，照片 {photos} 张。",
            device=found.device,
            account=found.account,
            ops=found.ops,
            photos=found.photos,
        ),
        *(f"  {status} {count}" for status, count in found.statuses.items()),
    ]
    if not found.is_proven:
        lines.append(_("文件未通过核验，全部转为待处理的更正草稿。"))
    if found.missing is not None:
        lines.append(_("缺少第 {n} 号记录，其后的内容等待补传。", n=found.missing))
    lines += [f"  {one['sha256']}: {one['code']}" for one in found.photos_refused]
    report(as_json, found.as_plain(), *lines)


@devices.command(help=_("不再等待缺失的记录，立即处理该手机已收到的后续内容。"))
@click.argument("device")
@json_option
def release(device: str, as_json: bool) -> None:
    """For numbers the phone will never deliver."""
    from server.cli.county import county
    from server.devices.service import release_waiting

    with county():
        told = release_waiting(None, device)
    released = [{"op": one["op"], "status": one["status"]} for one in told]
    document = {"device": device, "released": released}
    report(as_json, document, _("已处理 {n} 条。", n=len(told)))
