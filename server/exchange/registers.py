"""Which registers go in and out as files."""

from __future__ import annotations

from domain.errors import fault
from server.exchange.experts import EXPERTS
from server.exchange.firms import FIRMS
from server.exchange.officers import OFFICERS
from server.exchange.spec import Register
from server.exchange.tiers import TIER_CLASSES

REGISTERS: dict[str, Register] = {one.code: one for one in (FIRMS, TIER_CLASSES, OFFICERS, EXPERTS)}


def get_register(code: str) -> Register:
    """Raises ``request.not_found``."""
    if (found := REGISTERS.get(code)) is None:
        raise fault("request.not_found")
    return found
