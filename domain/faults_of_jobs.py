"""Faults of what is done by the clock: what a job found, why one cannot be run now."""

from typing import Final

from domain.fault_spec import FaultSpec as F

JOB_FAULTS: Final[tuple[F, ...]] = (
    F(
        "job.backup_old",
        409,
        "最近一次核验过的备份是 {days} 天前的。请检查夜间备份是否还在运行。",
        "The last verified backup is {days} days old. See whether the nightly backup still runs.",
    ),
    F(
        "job.no_backup",
        409,
        "还没有核验过的备份。请安排每晚运行 suicha backup，并存到另一块磁盘上。",
        "No backup was verified yet. Have suicha backup run every night, onto another disk.",
    ),
    F(
        "job.running",
        409,
        "这项任务正在进行，请等它结束。",
        "This job is running; wait for it to end.",
    ),
    F(
        "job.trail_differs",
        409,
        "操作留痕与签名不符：{n} 处，第一处为 {first}。请运行 suicha audit verify 查看。",
        "The trail is not the one that was signed: {n} places, the first {first}."
        " Run suicha audit verify.",
    ),
)
