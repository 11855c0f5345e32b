"""What was drawn on a copy of a photo, as data (docs/protocol 13.3): anybody can draw it again over
the original and compare."""

from typing import Final

from domain.errors import fault
from sync.messages.frame import Frame

# points: how few and how many
_POINTS: Final = {"arrow": (2, 2), "circle": (2, 2), "blur": (2, 2), "pen": (2, 200)}
COLOURS: Final = frozenset({"red", "yellow", "blue"})
MAX_MARKS: Final = 40
# A point is in ten-thousandths of the upright picture's width and height.
SIDE: Final = 10_000


def check_marks(value: object, path: str) -> None:
    """Raises ``request.*`` with the path of the first offence."""
    if not isinstance(value, list) or not 0 < len(value) <= MAX_MARKS:
        raise fault("request.wrong_type", field=path)
    for at, one in enumerate(value):
        _check_mark(Frame(one, f"{path}[{at}]"))


def _check_mark(frame: Frame) -> None:
    kind = frame.text("kind", 10)
    if kind not in _POINTS:
        raise fault("request.wrong_type", field=frame.at("kind"))
    # What is blurred has no colour.
    if kind != "blur" and frame.text("colour", 10) not in COLOURS:
        raise fault("request.wrong_type", field=frame.at("colour"))
    points, (least, most) = frame.raw("points"), _POINTS[kind]
    if not isinstance(points, list) or not least <= len(points) <= most:
        raise fault("request.wrong_type", field=frame.at("points"))
    if not all(_is_point(point) for point in points):
        raise fault("request.wrong_type", field=frame.at("points"))
    frame.close()


def _is_point(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(part) is int and 0 <= part <= SIDE for part in value)
    )
