"""One chunk on its way from the connection to the disk, in pieces: what a photo takes in memory
does not depend on its size or on the phone's pace (docs/protocol part 7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from typing import IO

from werkzeug.exceptions import ClientDisconnected

from domain.errors import fault

PIECE_BYTES = 256 * 1024


@dataclass(slots=True)
class Chunk:
    """``length`` is what the request names, None for a body in pieces; ``checksum`` the SHA-256 of
    the whole chunk, where the phone sent one. ``is_cut`` once the connection ended or fell silent
    too early."""

    stream: IO[bytes]
    length: int | None
    checksum: bytes | None
    is_cut: bool = False

    def pieces(self) -> Iterator[bytes]:
        """The bytes as they arrive, each read while the last one is written."""
        try:
            while piece := self.stream.read(PIECE_BYTES):
                yield piece
        except (ClientDisconnected, OSError):
            self.is_cut = True


def receive_chunk(chunk: Chunk, file: FileIO, offset: int, room: int, *, skip: int = 0) -> int:
    """Writes the chunk at the file's position, without its first ``skip`` bytes, which are in the
    file already; answers how many it wrote. A connection cut in the middle loses nothing that
    arrived, unless a checksum covers the whole chunk.

    Raises ``upload.offset`` when more than ``room`` bytes come, ``upload.checksum``, and OSError of
    the disk.
    """
    hashed, taken = hashlib.sha256(), 0
    for piece in chunk.pieces():
        if chunk.checksum is not None:
            hashed.update(piece)
        new = memoryview(piece)[skip:]
        skip -= len(piece) - len(new)
        taken += len(new)
        if taken > room:
            raise fault("upload.offset", expect=offset)
        _write_all(file, new)
    if chunk.checksum is not None and (chunk.is_cut or hashed.digest() != chunk.checksum):
        raise fault("upload.checksum")
    return taken


def _write_all(file: FileIO, rest: memoryview) -> None:
    while rest:
        rest = rest[file.write(rest) :]
