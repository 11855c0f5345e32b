"""What a phone is told: pages that never split an operation, and the digest of a whole space
(docs/protocol part 4)."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

UNIT: Final = b"\x1f"
MODULUS: Final = 2**64


class Mark(NamedTuple):
    """A row's identity and the space_seq of its last change."""

    type: str
    id: str
    seq: int


class HasSeq(Protocol):
    @property
    def seq(self) -> int: ...


Numbered = TypeVar("Numbered", bound=HasSeq)


EMPTY_DIGEST: Final = "0" * 16


def digest_space(marks: Iterable[Mark]) -> str:
    """Order does not matter; tombstones count. 16 hex digits."""
    return f"{sum(_weigh(mark) for mark in marks) % MODULUS:016x}"


def move_digest(digest: str, before: Mark | None, after: Mark) -> str:
    """The space's digest after one row was written, from the digest before: what ``digest_space``
    would answer over all rows, without reading them. ``before`` is None for a new row."""
    total = int(digest, 16) - (_weigh(before) if before is not None else 0) + _weigh(after)
    return f"{total % MODULUS:016x}"


def _weigh(mark: Mark) -> int:
    text = UNIT.join((mark.type.encode(), mark.id.encode(), str(mark.seq).encode()))
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


def cut_page(rows: Sequence[Numbered], limit: int) -> tuple[list[Numbered], bool]:
    """The rows to send and whether more follow, from rows ordered by seq.

    All rows of one operation share a seq, and a cursor inside them would skip the rest: a page ends
    only where the seq changes, and takes the whole first group even when it is longer than the
    limit. ``rows`` must hold that group completely.
    """
    if len(rows) <= limit:
        return list(rows), False
    end = limit
    while end > 0 and rows[end - 1].seq == rows[end].seq:
        end -= 1
    if end == 0:
        while end < len(rows) and rows[end].seq == rows[0].seq:
            end += 1
    return list(rows[:end]), end < len(rows)


def start_of(cursor: int, counter: int, is_same_epoch: bool) -> int:
    """Where reading starts: a phone that knows more than we do, or knows another history, starts
    again at 0. That never touches its outbox."""
    return cursor if is_same_epoch and 0 <= cursor <= counter else 0
