"""What the jobs are called, and how a run went, in words."""

from __future__ import annotations

from domain.errors import FAULTS, message
from server.i18n import current_locale
from server.i18n import translate as _
from server.jobs.models import JobRun


def job_words() -> dict[str, tuple[str, str]]:
    """Name → title, and what it does and when."""
    return {
        "deadlines.advance": (_("推进期限"), _("每小时把各项期限的到期、临期、超期记下来")),
        "reminders.send": (_("发送提醒"), _("每 5 分钟发出该发的提醒")),
        "notices.deliver": (_("补发通知"), _("每 5 分钟补发因服务中断没有发出的通知")),
        "statistics.warn": (_("通报问题预警"), _("每天 7:40 把新的问题预警告知所在部门的组长")),
        "audit.root": (_("签名留痕摘要"), _("每天 21:10 为操作留痕生成当日签名摘要")),
        "audit.verify": (_("核对操作留痕"), _("每天 3:20 重新计算留痕，与签名摘要比对")),
        "backup.check": (_("检查备份"), _("每天 9:00 看最近的备份是否核验过")),
        "uploads.tidy": (_("清理上传"), _("每天 3:50 清理过期的照片上传和搁置的导入文件")),
        "database.count": (_("更新查询统计"), _("每天 4:10 统计各表的数据量，使查询保持快速")),
    }


def job_title(name: str) -> str:
    """Its name in words; the bare name where there are none."""
    return job_words().get(name, (name, ""))[0]


def run_text(run: JobRun | None) -> str:
    """What it found or the error it met; empty for a run that ended well."""
    if run is None:
        return ""
    told = run.told or {}
    if told.get("code") in FAULTS:
        return message(told["code"], current_locale(), told.get("details") or {})
    if "error" in told:
        return _("程序出错，稍后自动重试。技术信息：{error}", error=told["error"])
    if run.outcome == "lost":
        return _("任务进程中断，没有做完；随后自动重做")
    return ""
