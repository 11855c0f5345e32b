"""The state of one upload: an offset that only grows and never exceeds the bytes on disk
(tus 1.0; docs/protocol part 7, I19)."""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.errors import Refused


class UploadState(StrEnum):
    """OPEN takes chunks. COMPLETE: hashed equal, stored. DISCARDED: its bytes were thrown away."""

    OPEN = "open"
    COMPLETE = "complete"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Transfer:
    """``offset`` bytes of ``length`` are safe on disk."""

    length: int
    offset: int
    state: UploadState = UploadState.OPEN

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there, so that they can be hashed."""
        return self.offset == self.length


def check_chunk(transfer: Transfer, offset: int, size: int, is_expired: bool) -> Refused | None:
    """Whether a chunk may be written at ``offset``: ``upload.already_complete``,
    ``upload.expired``, ``upload.offset`` with where to continue, or None."""
    if transfer.state is UploadState.COMPLETE:
        return Refused("upload.already_complete")
    if transfer.state is UploadState.DISCARDED:
        return Refused("upload.not_found")
    if is_expired:
        return Refused("upload.expired")
    if offset != transfer.offset or offset + size > transfer.length:
        return Refused("upload.offset", {"expect": transfer.offset})
    return None


def advance(transfer: Transfer, written: int) -> Transfer:
    """After ``written`` bytes were fsynced at the offset."""
    if written < 0 or transfer.offset + written > transfer.length:
        raise ValueError("more bytes than the upload has")
    return replace(transfer, offset=transfer.offset + written)


def resume(transfer: Transfer, on_disk: int) -> Transfer | None:
    """The transfer as the disk allows it after a crash: bytes beyond the offset are written again;
    None when bytes are missing and the upload must start over."""
    return transfer if on_disk >= transfer.offset else None
