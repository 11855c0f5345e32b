"""What a seed must be before anything is drawn with it."""

from __future__ import annotations

import unicodedata

from domain.draw import plain_seed
from domain.errors import fault

SMALLEST_SEED_CHARACTERS = 8
MAX_SEED_CHARACTERS = 200


def readable_seed(seed: str) -> str:
    """In the one spelling that is hashed and published; blanks and signs do not count. Raises
    ``draw.bad_text`` and ``draw.seed_required``."""
    if len(seed) > MAX_SEED_CHARACTERS or any(
        unicodedata.category(c) == "Cc" for c in seed.strip()
    ):
        raise fault("draw.bad_text", field=seed[:20])
    plain = plain_seed(seed)
    if len(plain) < SMALLEST_SEED_CHARACTERS:
        raise fault("draw.seed_required", minimum=SMALLEST_SEED_CHARACTERS)
    return plain
