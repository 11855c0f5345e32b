"""Whose turn is it: one device's numbers show loss, rollback and cloning (docs/protocol part 2).

A phone restored from a backup or cloned reuses numbers; refusing its work would lose it if that
phone dies next, so it is judged under a side identity and the phone renames itself.
"""

from dataclasses import dataclass
from enum import StrEnum


class Turn(StrEnum):
    """NEXT takes its place. REPLAY was answered before. REUSE is another payload under a known id.
    FORK reuses a number. GAP comes too early. HELD is known and still waits for a verdict."""

    NEXT = "next"
    REPLAY = "replay"
    REUSE = "reuse"
    FORK = "fork"
    GAP = "gap"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Known:
    """A receipt's essentials: hash of its payload, who sent it, whether it is undecided, and the
    device whose number it used a second time (None where it did not)."""

    payload_sha256: str
    person_id: int
    is_held: bool
    forked_from: str | None = None

    def is_fork_of(self, device: str) -> bool:
        """Whether this device must still rename itself: the answer that said so may be lost."""
        return self.forked_from == device


def find_turn(
    seq: int,
    last_seq: int,
    payload_sha256: str,
    person_id: int,
    known: Known | None,
    *,
    is_taken: bool = False,
) -> Turn:
    """Decides from the number offered, the device's last number and the receipt, if any.
    ``is_taken``: another operation of the device came too early under this very number and waits;
    a number belongs to one operation only (I9)."""
    if known is not None:
        if known.payload_sha256 != payload_sha256 or known.person_id != person_id:
            return Turn.REUSE  # I23: an op never passes under another's credentials
        return Turn.HELD if known.is_held else Turn.REPLAY
    if seq <= last_seq or is_taken:
        return Turn.FORK
    return Turn.NEXT if seq == last_seq + 1 else Turn.GAP


def takes_place(seq: int, last_seq: int) -> bool:
    """Whether a known operation still moves the device's number on: after a rename it does."""
    return seq == last_seq + 1
