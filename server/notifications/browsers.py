"""What a browser calls itself, for whoever looks through the list of their own."""

from __future__ import annotations

from typing import Final

from server.i18n import translate as _

# In this order: each says it is also those after it.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("MicroMessenger", "WeChat"), ("QQBrowser", "QQ"), ("HuaweiBrowser", "Huawei"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(agent: str) -> str:
    """``Chrome · Windows``; what is not known is said to be so."""
    found = [
        next((name for mark, name in names if mark in agent), "") for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(one for one in found if one) or _("未知浏览器")
