"""The words of training pages."""

from __future__ import annotations

from server.i18n import translate as _


def kind_words() -> dict[str, str]:
    """Kind of a training → its name."""
    return {"officers": _("业务培训"), "system": _("系统使用培训")}
