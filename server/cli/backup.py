"""``suicha backup``: a verified copy of everything, and a second look at an old one."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from server.cli.words import CheckFailed, _, json_option, report

PROGRESS_SECONDS = 2.0


class WithDefault(click.Group):
    """``suicha backup DIR`` is short for ``suicha backup make DIR``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["make", *args]
        return super().parse_args(ctx, args)


class Progress:
    """Lines on stderr for long jobs: each step once, its count every few seconds."""

    def __init__(self) -> None:
        self._step = ""
        self._told_at = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        is_new = step != self._step
        if not is_new and time.monotonic() - self._told_at < PROGRESS_SECONDS:
            return
        self._step, self._told_at = step, time.monotonic()
        words = {
            "database": _("复制数据库"),
            "ledger": _("核对台账"),
            "photos": _("保存照片"),
            "check": _("核对照片"),
            "restore": _("放回照片"),
        }
        count = f" {done}/{total}" if total > 1 else ""
        print(f"{words[step]}…{count}", file=sys.stderr, flush=True)


@click.group(cls=WithDefault, help=_("备份，以及核对旧的备份。"))
def backup() -> None:
    """The group itself does nothing."""


@backup.command(help=_("把数据库、照片和密钥备份到该文件夹，核对无误后才算完成。"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1, 10_000), help=_("只保留最新的 N 份。"))
@json_option
def make(folder: Path, keep: int | None, as_json: bool) -> None:
    """Exit 1 when verification failed (nothing is kept then), or when this server itself has lost
    photos (the backup is kept and says which)."""
    from server.backups.service import make_backup
    from server.cli.county import application, refuse_old_schema
    from server.cli.home_lock import holding_home

    with application() as app, holding_home(app.extensions["suicha"].config.home):
        refuse_old_schema()
        done = make_backup(folder.resolve(), keep, Progress())
    manifest = done.manifest
    if manifest is None:
        report(as_json, {"backup": None, "problems": done.problems}, *done.problems)
        raise CheckFailed(
            _(
                "备份没有通过核对（{count} 处），未保留任何文件，手机仍会保留尚未备份的记录。",
                count=len(done.problems),
            )
        )
    document = {
        "backup": str(done.path),
        "made_at": manifest.made_at,
        "epoch": manifest.epoch,
        "schema": manifest.schema,
        "rows": manifest.rows,
        "photos": manifest.photos,
        "photo_bytes": manifest.photo_bytes,
        "photos_missing": list(manifest.photos_missing),
        "removed": done.removed,
        "problems": [],
    }
    line = _(
        "已备份并核对：{path}（{receipts} 张回执，{photos} 张照片）",
        path=done.path,
        receipts=manifest.rows["receipts"],
        photos=manifest.photos,
    )
    report(as_json, document, line, *(_("已删除旧备份 {name}", name=n) for n in done.removed))
    if manifest.photos_missing:
        raise CheckFailed(
            _(
                "备份已保存，但服务器上有 {count} 张照片丢失或损坏，名单在 manifest.json 中。",
                count=len(manifest.photos_missing),
            )
        )


@backup.command(help=_("重新核对一份备份。"))
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def verify(path: Path, as_json: bool) -> None:
    """Needs no installation. Exit 0 when it can be restored, 1 otherwise."""
    import server.models  # noqa: F401  (the tables are read by name)
    from server.backups.service import check_backup

    manifest, problems = check_backup(path.resolve(), Progress())
    document = {
        "backup": str(path.resolve()),
        "made_at": manifest.made_at,
        "schema": manifest.schema,
        "photos": manifest.photos,
        "equal": not problems,
        "problems": problems,
    }
    report(as_json, document, *problems)
    if problems:
        raise CheckFailed(
            _("这份备份有 {count} 处问题，不能用来恢复；请换一份。", count=len(problems))
        )
    if not as_json:
        click.echo(_("备份完好：{path}", path=path.resolve()))
