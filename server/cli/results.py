"""``suicha results``: whether visitors find what is published."""

from __future__ import annotations

import click

from server.cli.words import CheckFailed, _, json_option, report


@click.group(help=_("结果公示。"))
def results() -> None:
    """The group itself does nothing."""


@results.command(help=_("核对公示页查询所用的表与公示记录是否一致。"))
@json_option
def check(as_json: bool) -> None:
    """Exit 0 when every row is what its sources say, 1 otherwise; changes nothing."""
    from server.cli.county import application, refuse_old_schema
    from server.disclosure.service import check as compare

    with application():
        refuse_old_schema()
        found = compare()
    document = {"equal": not found.wrong, "results": found.results, "wrong": list(found.wrong)}
    if found.wrong:
        report(as_json, document)
        text = _("不一致：{count} 条，请运行 suicha results rebuild。", count=len(found.wrong))
        raise CheckFailed(text)
    report(as_json, document, _("一致：公示结果 {n} 条。", n=found.results))


@results.command(help=_("按公示记录重建公示页查询所用的表。"))
@json_option
def rebuild(as_json: bool) -> None:
    """Only what is wrong is written again."""
    from server.cli.county import application, refuse_old_schema
    from server.disclosure.service import rebuild as mend

    with application():
        refuse_old_schema()
        found = mend()
    document = {"results": found.results, "mended": len(found.wrong)}
    line = _("已核对 {n} 条，重建 {m} 条。", n=found.results, m=len(found.wrong))
    report(as_json, document, line)
