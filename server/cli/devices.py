"""``suicha devices``: enrolled phones."""

from __future__ import annotations

import click

from server.cli.words import _, json_option, report


@click.group(help=_("已登记的手机。"))
def devices() -> None:
    """The group itself does nothing."""


@devices.command("list", help=_("列出手机。"))
@json_option
def list_(as_json: bool) -> None:
    """The most recent contact first."""
    from server.accounts.service import list_devices, list_people
    from server.cli.county import county

    with county():
        accounts = {person.id: person.account for person in list_people()}
        rows = [
            {
                "id": device.id,
                "account": accounts.get(device.person_id, ""),
                "name": device.name,
                "last_seq": device.last_seq,
                "enrolled_at": device.enrolled_at,
                "contact_at": device.contact_at,
                "revoked_at": device.revoked_at,
            }
            for device in list_devices()
        ]
    lines = [
        f"{row['id']}  {row['account']}  {row['name']}  {row['contact_at'] or '-'}"
        + (_("（已停用）") if row["revoked_at"] else "")
        for row in rows
    ]
    report(as_json, {"devices": rows}, *(lines or [_("还没有登记的手机。")]))


@devices.command(help=_("停用手机：不能再读取，已记录的内容仍可送达。"))
@click.argument("device")
@json_option
def revoke(device: str, as_json: bool) -> None:
    """What the phone still sends is kept in quarantine (docs/protocol part 10)."""
    from server.accounts.service import revoke_device
    from server.cli.county import county

    with county():
        revoke_device(device)
    report(as_json, {"device": device, "revoked": True}, _("已停用 {device}。", device=device))
