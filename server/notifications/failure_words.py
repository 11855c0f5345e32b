"""Why a message did not leave, in words: the notes are those of ``calling``, ``push``, ``mail``."""

from __future__ import annotations

from domain.reminders import Channel
from server.i18n import translate as _
from server.notifications.failing import Failure

UNREACHABLE = {"NewConnectionError", "ConnectTimeoutError", "ConnectTimeout", "ConnectionError",
               "ConnectionRefusedError", "gaierror", "TimeoutError", "OSError"}  # fmt: skip
UNTRUSTED = {"SSLError", "SSLCertVerificationError"}


def channel_words() -> dict[str, str]:
    """The ways out of the house."""
    return {
        Channel.PUSH.value: _("浏览器通知"),
        Channel.EMAIL.value: _("电子邮件"),
        Channel.WEBHOOK.value: _("企业微信、钉钉或短信"),
    }


def state_words() -> dict[str, tuple[str, str, str]]:
    """Word, tone and icon."""
    return {
        "failed": (_("未发出"), "error", "stop"),
        "gone": (_("订阅已失效"), "plain", "ring"),
        "unknown": (_("不能确定"), "warn", "alert"),
        "waiting": (_("等待重试"), "info", "hourglass"),
    }


def reason(one: Failure) -> str:
    """What an administrator can do something about."""
    if one.state == "unknown":
        return _("发送中断或没有答复，对方可能已收到，不再重发；内容在本人“消息”中。")
    if one.state == "gone":
        return _("本人已关闭通知或浏览器已失效，订阅已删除；需要时由本人重新打开。")
    return _cause(one.row.note)


def _cause(note: str) -> str:
    if note in UNREACHABLE:
        return _("连接不上对方服务器，请检查网络和防火墙。")
    if note in UNTRUSTED:
        return _("对方服务器的证书不受信任。")
    if note == "no address":
        return _("本人没有填写邮箱地址。")
    if note == "private address":
        return _("通知地址指向内部网络，已拒绝。")
    if note.endswith(" 429") or note in ("HTTP 503", "HTTP 502", "HTTP 504", "HTTP 500"):
        return _("对方服务器繁忙或故障（{note}）。", note=note)
    if note.startswith("SMTP "):
        return _("邮件服务器拒绝（{note}），请核对邮箱地址和邮件设置。", note=note)
    return _("对方服务器拒绝（{note}）。", note=note)
