"""``suicha uploads``: photos that are still arriving, and import files nobody confirmed."""

from __future__ import annotations

import click

from server.cli.words import _, json_option, report


@click.group(help=_("照片上传。"))
def uploads() -> None:
    """The group itself does nothing."""


@uploads.command(help=_("清理过期未续传的上传、遗留的分片文件和搁置的导入文件。"))
@json_option
def tidy(as_json: bool) -> None:
    """For a daily job; a server that takes photos does the same once an hour, and one that takes
    an import file looks after the others."""
    from server.cli.county import application
    from server.exchange.service import drop_abandoned
    from server.fieldsync.service import tidy_uploads

    with application():
        done = tidy_uploads()
        imports = drop_abandoned()
    text = _(
        "已结束 {expired} 个过期上传，删除 {orphans} 个遗留文件，清除 {imports} 份搁置的导入文件。",
        expired=done.expired,
        orphans=done.orphans,
        imports=imports,
    )
    told = {"expired": done.expired, "orphans": done.orphans, "imports": imports}
    report(as_json, told, text)
