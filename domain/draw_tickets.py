"""Lots that anybody can draw again, the same in every version (DESIGN §7.3, R036, R044).

ticket = lower-case hex of SHA-256 over the UTF-8 bytes of
    seed 0x1F draw_id 0x1F kind 0x1F x [0x1F x …]
The separator byte 0x1F may not occur inside a part, no part may be empty, so no two different lists
of parts give the same bytes. Texts are taken in NFC. Tickets are compared as text; the lowest win.
Kinds: "firm" with x = firm id; "officer" with x = firm id, officer id.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.draw_pool import PoolFirm
from domain.draw_versions import SEPARATOR
from domain.errors import fault
from domain.sampling import RiskTier


def plain_seed(text: str) -> str:
    """A seed as it is entered: letters and digits only, capitals, one form for each digit. What was
    read out then has one spelling, so that nobody can try "3 5 1", "351" and "3,5,1" beforehand and
    enter the one whose draw pleases."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(str(unicodedata.digit(c, c)) for c in plain if c.isalnum())


def is_plain_seed(text: str) -> bool:
    """Whether a seed stands in that one spelling, as suicha-draw-2 asks of every record: letters
    (capitals where there are any) and the digits 0–9, composed."""
    composed = unicodedata.normalize("NFKC", text)
    return text == composed == composed.upper() and all(
        c in "0123456789" or unicodedata.category(c) in _LETTERS for c in text
    )


_LETTERS: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nl"})


@dataclass(frozen=True, slots=True)
class DrawnFirm:
    """A drawn firm and the ticket that drew it. `tier` is the one it was drawn in: firms without
    a tier are drawn as normal."""

    id: str
    tier: RiskTier
    ticket: str


def ticket(seed: str, draw_id: str, kind: str, *x: str) -> str:
    """The ticket of x. Raises `draw.seed_required` for a blank seed, `draw.bad_text` for an empty
    part or one with the separator."""
    return ticket_drawer(seed, draw_id, kind, *x[:-1])(x[-1])


def ticket_drawer(seed: str, draw_id: str, kind: str, *x: str) -> Callable[[str], str]:
    """Tickets that differ in their last part alone: what stands before it is hashed once."""
    if not seed.strip():
        raise fault("draw.seed_required")
    parts = (seed, draw_id, kind, *x)
    start = hashlib.sha256(b"".join(_part(one) + _BETWEEN for one in parts))

    def draw(last: str) -> str:
        whole = start.copy()
        whole.update(_part(last))
        return whole.hexdigest()

    return draw


_BETWEEN: Final = SEPARATOR.encode()


def _part(text: str) -> bytes:
    if not text or SEPARATOR in text:
        raise fault("draw.bad_text", field=text)
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).encode()


def draw_firms(
    firms: Sequence[PoolFirm], quotas: Mapping[RiskTier, int], seed: str, draw_id: str
) -> list[DrawnFirm]:
    """Per tier the firms with the lowest tickets, as many as its quota; all of them in one list
    ordered by ticket. Does not depend on the order of `firms`. Raises `draw.pool_empty`,
    `draw.quota` when a tier has fewer firms than its quota, and what `ticket` raises."""
    if not firms:
        raise fault("draw.pool_empty")
    by_tier: dict[RiskTier, list[DrawnFirm]] = {tier: [] for tier in RiskTier}
    draw = ticket_drawer(seed, draw_id, "firm")
    for firm in firms:
        tier = firm.tier or RiskTier.NORMAL
        by_tier[tier].append(DrawnFirm(firm.id, tier, draw(firm.id)))
    drawn: list[DrawnFirm] = []
    for tier, candidates in by_tier.items():
        wanted = quotas.get(tier, 0)
        if wanted > len(candidates):
            raise fault("draw.quota", tier=tier.value, wanted=wanted, available=len(candidates))
        drawn += sorted(candidates, key=_order)[:wanted]
    return sorted(drawn, key=_order)


def _order(firm: DrawnFirm) -> tuple[str, str]:
    return firm.ticket, firm.id
