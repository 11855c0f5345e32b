"""``suicha archive``: whether the ZIP of a visit's file is still what was taken."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.receipt import read_keys
from server.cli.words import FILE, BadInput, CheckFailed, _, json_option, report


@click.group(help=_("检查案卷。"))
def archive() -> None:
    """The group itself does nothing."""


@archive.command(help=_("重新计算案卷压缩包内每个文件的校验值，与清单逐个比对。"))
@click.argument("file", type=FILE)
@click.option(
    "--keys", type=FILE, help=_("公钥文件（/api/v1/custody-keys 的内容），核对清单签名。")
)
@json_option
def verify(file: Path, keys: Path | None, as_json: bool) -> None:
    """Exit 0 when every hash holds, 1 with the first difference, 2 for a file that is none. Needs
    no database."""
    from server.archive.manifest import check_archive
    from server.custody.signing import Unreadable

    try:
        found = check_archive(file, read_keys(keys) if keys else None)
    except Unreadable:
        text = _("{file} 不是案卷压缩包（ZIP）。", file=file.name)
        raise BadInput("archive.not_an_archive", text) from None
    told = found.manifest
    document = {
        "equal": not found.differences,
        "differences": [{"code": one.code, "name": one.name} for one in found.differences],
        "is_signed": found.is_signed,
        "number": told.get("number"),
        "files": len(told["files"]),
        "is_complete": told.get("is_complete"),
        "missing": told.get("missing"),
    }
    if found.differences:
        first = found.differences[0]
        report(as_json, document, f"{first.code}: {first.name} {_word(first.code)}")
        raise CheckFailed(_("案卷与清单不一致：{count} 处。", count=len(found.differences)))
    report(
        as_json,
        document,
        _("一致：案卷 {number}，文件 {n} 个。", number=told.get("number"), n=len(told["files"])),
        _("清单由本系统签名。") if found.is_signed else _("清单签名未核对（用 --keys 核对）。"),
        _("封存时材料齐全。")
        if told.get("is_complete")
        else _("封存时缺 {n} 件材料。", n=len(told.get("missing") or ())),
    )


def _word(code: str) -> str:
    words = {
        "archive.not_canonical": _("清单的写法被改动过。"),
        "archive.file_missing": _("清单中有，压缩包内没有。"),
        "archive.size_differs": _("大小与清单不同。"),
        "archive.file_differs": _("内容与清单不同。"),
        "archive.sheet_differs": _("锁定内容与录入时的校验值不同。"),
        "archive.file_unlisted": _("清单中没有这个文件。"),
        "archive.file_twice": _("压缩包内出现不止一次。"),
        "archive.bad_signature": _("清单没有签名，或签名与清单不符。"),
    }
    return words.get(code, "")
