"""``suicha ledger``: whether the history on record still adds up."""

from __future__ import annotations

import click

from server.cli.words import CheckFailed, _, json_option, report


@click.group(help=_("同步台账。"))
def ledger() -> None:
    """The group itself does nothing."""


@ledger.command(help=_("从头重放台账，与现有数据比对。"))
@json_option
def verify(as_json: bool) -> None:
    """Exit 0 when the ledger replays to the state as it stands (I11), 1 otherwise."""
    from server.cli.county import county
    from server.fieldsync.service import verify_ledger

    with county():
        problems = [str(problem) for problem in verify_ledger()]
    report(as_json, {"equal": not problems, "problems": problems}, *problems)
    if problems:
        raise CheckFailed(_("台账不一致：{count} 处。", count=len(problems)))
    if not as_json:
        click.echo(_("台账一致。"))
