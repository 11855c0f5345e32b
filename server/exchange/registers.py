"""Which registers go in and out as files."""

from __future__ import annotations

from domain.errors import fault
from server.exchange.departments import DEPARTMENTS
from server.exchange.experts import EXPERTS
from server.exchange.firms import FIRMS
from server.exchange.group import GROUP
from server.exchange.items import ITEMS
from server.exchange.officers import OFFICERS
from server.exchange.spec import Register
from server.exchange.tags import TAGS
from server.exchange.teams import TEAMS
from server.exchange.tiers import TIER_CLASSES
from server.exchange.vehicles import VEHICLES

REGISTERS: dict[str, Register] = {
    one.code: one
    for one in (
        FIRMS, VEHICLES, TIER_CLASSES, OFFICERS, EXPERTS, DEPARTMENTS, TEAMS, GROUP, ITEMS, TAGS,
    )
}  # fmt: skip


def get_register(code: str) -> Register:
    """Raises ``request.not_found``."""
    if (found := REGISTERS.get(code)) is None:
        raise fault("request.not_found")
    return found
