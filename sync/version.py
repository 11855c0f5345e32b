"""Which ends understand each other (docs/protocol part 8)."""

from typing import Final

from domain.errors import fault

PROTO: Final = 1
SCHEMA: Final = 1
OP_VERSION: Final = 1


def parse_version(text: str) -> tuple[int, ...]:
    """``1.12.0`` → (1, 12, 0). Whatever follows a ``-`` or ``+`` is left aside; a part that is no
    number counts as 0, so that an odd label is old rather than an error."""
    plain = text.split("+", 1)[0].split("-", 1)[0]
    parts = [int(part) if part.isascii() and part.isdigit() else 0 for part in plain.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def is_older(version: str, than: str) -> bool:
    """Whether ``version`` comes before ``than``."""
    return parse_version(version) < parse_version(than)


def check_version(proto: int, app: str, min_app: str) -> None:
    """Raises ``sync.upgrade_required`` (426) for another protocol or an app that is too old. The
    phone keeps its queue."""
    if proto != PROTO or is_older(app, min_app):
        raise fault("sync.upgrade_required", proto=PROTO, min_app=min_app)
