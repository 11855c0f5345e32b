"""The versions of the draw's algorithm (docs/draw.md). A record verifies under its own for ever."""

from typing import Final

V1: Final = "suicha-draw-1"
V2: Final = "suicha-draw-2"
ALGORITHM: Final = V2
KNOWN: Final = (V1, V2)
# Between the parts of a ticket, so it may stand inside none of them.
SEPARATOR: Final = "\x1f"
