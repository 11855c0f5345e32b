"""``suicha ledger``: whether the history on record still adds up."""

from __future__ import annotations

import click

from server.cli.words import CheckFailed, _, json_option, report

SHOWN_PROBLEMS = 20  # the first of each space is enough to begin with; --json has them all


@click.group(help=_("同步台账。"))
def ledger() -> None:
    """The group itself does nothing."""


@ledger.command(help=_("从头重放台账，与现有数据逐行比对。"))
@json_option
def verify(as_json: bool) -> None:
    """Exit 0 when everything on record replays to the state as it stands (I11), 1 otherwise."""
    from server.cli.county import application, refuse_old_schema
    from server.fieldsync.service import check_live_ledger

    with application():
        refuse_old_schema()
        found = check_live_ledger()
    problems = found.problems
    document = {"equal": not problems, "problems": problems, "checked": found.checked}
    report(as_json, document, *problems[:SHOWN_PROBLEMS])
    if problems:
        raise CheckFailed(_("台账不一致：{count} 处。", count=len(problems)))
    if not as_json:
        counts = found.checked
        click.echo(
            _(
                "台账一致：{ledger} 条台账、{receipts} 张回执、{entities} 行数据。",
                ledger=counts["ledger"],
                receipts=counts["receipts"],
                entities=counts["entities"],
            )
        )
