"""Words for phones: sizes, clocks, states, incidents."""

from __future__ import annotations

from server.i18n import translate as _


def size_word(size: int | None) -> str:
    """``1.2 GB``; empty for unknown."""
    if size is None:
        return ""
    if size >= 10**9:
        return f"{size / 10**9:.1f} GB"
    return f"{size / 10**6:.0f} MB"


def clock_word(offset_ms: int | None) -> str:
    """How far the phone's clock is from the server's, in words; empty for unknown. The offset is
    phone time less server time."""
    if offset_ms is None:
        return ""
    seconds = round(abs(offset_ms) / 1000)
    if seconds < 1:
        return _("准")
    for unit, word in ((86_400, _("{n} 天")), (3_600, _("{n} 小时")), (60, _("{n} 分钟"))):
        if seconds >= unit:
            length = word.format(n=seconds // unit)
            break
    else:
        length = _("{n} 秒", n=seconds)
    return _("快 {length}", length=length) if offset_ms > 0 else _("慢 {length}", length=length)


def state_word(state: str) -> str:
    """A word of ``Phone.state``."""
    words = {
        "active": _("正常"),
        "closed": _("人员已停用"),
        "revoked": _("手机已停用"),
        "wipe_ordered": _("待清除"),
        "wiped": _("已清除"),
    }
    return words[state]


def incident_word(kind: str, details: dict[str, object]) -> str:
    """What happened, in a sentence."""
    seq = details.get("seq", "")
    words = {
        "device.bound": _("手机更换了设备标识"),
        "device.chain_broken": _(
            "第 {n} 号记录与前一号对不上，手机可能被还原，或记录被改动过", n=seq
        ),
        "device.fork": _("第 {n} 号出现第二份内容：手机可能被还原或复制过", n=seq),
        "device.imported": _("导入了未送达记录文件：{n} 条", n=details.get("ops", "")),
        "device.lost": _("手机报告第 {n} 号记录已丢失", n=seq),
        "device.push_only_used": _("停用后首次补传已记录的内容"),
        "device.released": _("不再等待缺失的记录，处理了 {n} 条", n=details.get("ops", "")),
        "device.renamed": _("改了名称"),
        "device.revoked": _("手机停用"),
        "device.wipe_ordered": _("已下达清除指令"),
        "device.wiped": _("手机报告已清除"),
    }
    return words.get(kind, kind)
