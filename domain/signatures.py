"""What counts as a signature under a decision (R080, R081): drawn, or typed where the county's
setting takes a typed name.

Strokes are data, not a picture: lists of [x, y, t] in whole pixels and milliseconds, as a phone
sends them; their shape and bounds are `sync.messages.field_shapes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.errors import Refused

# A slip of the finger is smaller: of the box's longer side.
SMALLEST_SHARE: Final = 20
TYPED_SETTING: Final = "correction.typed_signature"

Strokes = Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Signature:
    """Either `strokes` in a box of `size`, or a `typed_name`; neither is no signature."""

    strokes: Strokes = ()
    size: tuple[int, int] = (0, 0)
    typed_name: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody drew and nobody typed."""
        return not any(self.strokes) and not self.typed_name.strip()


def find_signature_fault(signature: Signature, name: str, takes_typed: bool) -> Refused | None:
    """Why this is not the signature of a person called `name`: `signature.missing`,
    `signature.unreadable` (an impossible box, points outside of it), `signature.too_small`,
    `signature.name_differs`. Something drawn rules over something typed."""
    if any(signature.strokes):
        return _find_drawing_fault(signature.strokes, signature.size)
    typed = signature.typed_name.strip()
    if not typed or not takes_typed:
        return Refused("signature.missing")
    return None if typed == name else Refused("signature.name_differs", {"name": name})


def _find_drawing_fault(strokes: Strokes, size: tuple[int, int]) -> Refused | None:
    width, height = size
    xs = [point[0] for stroke in strokes for point in stroke]
    ys = [point[1] for stroke in strokes for point in stroke]
    # A finger that leaves the box goes on being told where it is, by as much again at most.
    is_near = all(-width <= x <= 2 * width for x in xs) and all(
        -height <= y <= 2 * height for y in ys
    )
    if width <= 0 or height <= 0 or not is_near:
        return Refused("signature.unreadable")
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    return Refused("signature.too_small") if extent * SMALLEST_SHARE < max(size) else None
