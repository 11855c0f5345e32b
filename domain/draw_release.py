"""From when a draw's firms are named to everybody (R044, R087).

Openness alone would name them as soon as they are drawn. Many counties wait until nobody can be
warned any more: the digests published before bind them all the same.
"""

from enum import StrEnum


class FirmsFrom(StrEnum):
    """`DRAWN` at once, `VISITED` when every drawn firm has been inspected, `PUBLISHED` when every
    result has been published."""

    DRAWN = "drawn"
    VISITED = "visited"
    PUBLISHED = "published"


def are_named(rule: FirmsFrom, visits: int, ended: int, published: int) -> bool:
    """Whether the firms of a draw are public. `visits` counts those to be made, `ended` and
    `published` those of them of which every department's part is."""
    match rule:
        case FirmsFrom.DRAWN:
            return True
        case FirmsFrom.VISITED:
            return ended >= visits
        case FirmsFrom.PUBLISHED:
            return published >= visits
