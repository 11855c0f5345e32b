"""The reason of a step: there is one, and it is no longer than a phone may send."""

from __future__ import annotations

from domain.errors import fault
from domain.reasons import parse_reason
from sync.messages.field_shapes import MAX_NOTE


def require_reason(text: str) -> str:
    """As it is kept. Raises ``correction.needs_reason`` or ``reason.too_long``."""
    if not (reason := parse_reason(text, MAX_NOTE)):
        raise fault("correction.needs_reason")
    return reason
