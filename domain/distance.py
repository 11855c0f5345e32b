"""How far a place is from a firm's, and when that is worth a word (R048).

Degrees are integers in units of 1e-7, as phones tell them. Places of a register may be copied from
a map whose coordinates are shifted by law, by up to some 700 m: nothing nearer than ``FAR_M`` is
ever called far.
"""

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

EARTH_M: Final = 6_371_000
FAR_M: Final = 1_000
E7: Final = 10_000_000
MAX_LAT_E7: Final = 90 * E7
MAX_LNG_E7: Final = 180 * E7


def distance_m(a: Mapping[str, Any], b: Mapping[str, Any]) -> int:
    """Whole metres between two places ``{"lat_e7","lng_e7"}``, over the ground of a sphere."""
    lat_a, lat_b = radians(a["lat_e7"] / E7), radians(b["lat_e7"] / E7)
    lng = radians(b["lng_e7"] / E7) - radians(a["lng_e7"] / E7)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(lng / 2) ** 2
    return int(2 * EARTH_M * asin(min(1.0, sqrt(half))) + 0.5)


def find_far(place: Mapping[str, Any] | None, firm: Mapping[str, Any] | None) -> int | None:
    """Metres between where somebody checked in and the firm, where that is more than the place's
    own accuracy and ``FAR_M`` explain; None where it is not, or where either is not known. A note
    for people, never a reason to refuse."""
    if not place or not firm:
        return None
    metres = distance_m(place, firm)
    return metres if metres > FAR_M + int(place.get("accuracy_m") or 0) else None
