"""``suicha restore``: an installation as it was when a backup was made."""

from __future__ import annotations

from pathlib import Path

import click

from server.cli.words import CheckFailed, _, json_option, report


@click.command(help=_("用一份备份恢复：先核对，再建好，最后一步替换；现有数据移到一旁。"))
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", "is_replacing", is_flag=True, help=_("此处已有数据时也恢复。"))
@click.option("--keep-secrets", "keeps_secrets", is_flag=True, help=_("保留现有的密钥文件。"))
@json_option
def restore(path: Path, is_replacing: bool, keeps_secrets: bool, as_json: bool) -> None:
    """Exit 1 when the backup is damaged (nothing is changed then), 2 when it cannot begin."""
    import server.models  # noqa: F401  (the tables are read by name)
    from server.backups.restoring import restore_backup
    from server.cli.backup import Progress
    from server.cli.home_lock import holding_home
    from server.cli.secrets import ensure_folders
    from server.config import load_config

    config = load_config()
    ensure_folders(config)
    with holding_home(config.home, alone=True):
        done = restore_backup(
            config,
            path.resolve(),
            is_replacing=is_replacing,
            keeps_secrets=keeps_secrets,
            tell=Progress(),
        )
    document = {
        "backup": str(path.resolve()),
        "made_at": done.manifest.made_at,
        "epoch": done.epoch,
        "photos_restored": done.photos.count,
        "photos_missing": done.missing,
        "photos_locked": done.locked,
        "photos_adopted": done.adopted,
        "secrets_restored": done.has_secrets,
        "aside": done.aside,
        "newer_backup": done.newer,
        "trail_set_back": [
            {"county": one.county, "kept": one.kept, "restored": one.restored}
            for one in done.set_back
        ],
        "problems": done.problems,
    }
    if done.problems:
        report(as_json, document, *done.problems)
        raise CheckFailed(
            _(
                "这份备份有 {count} 处问题，没有恢复，现有数据没有改动；请换一份备份。",
                count=len(done.problems),
            )
        )
    lines = [_("已恢复到 {at} 的备份。", at=done.manifest.made_at.astimezone().isoformat(" "))]
    if done.newer:
        lines.append(_("注意：同一文件夹里有更新的备份 {name}，应优先恢复它。", name=done.newer))
    lines += [
        "trail.set_back: "
        + _(
            "{county} 的操作留痕退回了：这里保存过 {kept} 条散列，恢复后只接得上前 {restored} 条；"
            "原来的散列文件留在 trail 文件夹中，请勿删除。",
            county=one.county,
            kept=one.kept,
            restored=one.restored,
        )
        for one in done.set_back
    ]
    lines += [_("原有数据在 {path}，确认无误后可自行删除。", path=one) for one in done.aside]
    if done.missing:
        count = len(done.missing)
        lines.append(_("{count} 张照片缺失，已重新向手机索取。", count=count))
    lines += [_("已录入的结果单缺照片，不能再向手机索取：{place}", place=p) for p in done.locked]
    if done.adopted:
        lines.append(_("收回备份之后才到的照片 {count} 张。", count=done.adopted))
    lines += [
        _("账号、密码、角色和停用的手机都回到了那一刻：之后改过的请重新设置。"),
        _("在电脑上办理、备份之后的事项不在任何手机上，请重新办理。"),
        _("下一步：运行 suicha run。所有人重新登录后，手机会自动补传仍保存的记录。"),
    ]
    report(as_json, document, *lines)
