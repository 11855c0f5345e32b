"""Faults of backing up and restoring, told to the operator at the command line."""

from typing import Final

from domain.fault_spec import FaultSpec as F

BACKUP_FAULTS: Final[tuple[F, ...]] = (
    F(
        "backup.busy",
        409,
        "另一项备份正在写入该文件夹，请等它结束。",
        "Another backup is writing to this folder; wait for it to end.",
    ),
    F(
        "backup.newer",
        422,
        "这份备份由更新的版本制作（数据库结构 {schema}），请先升级本系统。没有改动任何数据。",
        "A newer version made this backup (schema {schema}): upgrade first. Nothing was changed.",
    ),
    F(
        "backup.unreadable",
        422,
        "“{path}”不是备份，或其 manifest.json 已损坏。没有改动任何数据。",
        "“{path}” is no backup, or its manifest.json is damaged. Nothing was changed.",
    ),
    F(
        "restore.in_use",
        409,
        "数据库还有 {count} 个其他连接，请先停止使用它的所有程序。没有改动任何数据。",
        "The database has {count} other connections: stop all that use it. Nothing was changed.",
    ),
    F(
        "restore.no_right",
        403,
        "数据库账号无权建立并更换模式“{schema}”：须为数据库的所有者。没有改动任何数据。",
        "The database account may not make and replace the schema “{schema}”: it must own the"
        " database. Nothing was changed.",
    ),
    F(
        "restore.not_empty",
        409,
        "此处已有数据。确要恢复，请加 --replace：现有数据会移到一旁，不会删除。没有改动任何数据。",
        "There are data here. To restore, add --replace: they are moved aside, not deleted."
        " Nothing was changed.",
    ),
    F(
        "restore.running",
        409,
        "“{home}”正在使用中（服务、备份或恢复），请先停止。没有改动任何数据。",
        "“{home}” is in use (a server, a backup or a restore): stop it first. Nothing was changed.",
    ),
)
