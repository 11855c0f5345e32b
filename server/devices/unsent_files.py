"""Reads a file of unsent work (docs/protocol 13.8): a ZIP somebody hands in, so nothing in it is
believed. Bounded before it is read: entries, sizes, names, no compression and so no bomb."""

from __future__ import annotations

import hashlib
import hmac
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, Any

from flask import current_app

from domain.errors import Fault, fault
from sync.messages.frame import Frame
from sync.messages.push_request import Offer, build_offer

FORMAT = "suicha-unsent/1"
MAX_OPS = 20_000
MAX_PHOTOS = 5_000
MAX_OPS_BYTES = 64 * 1024 * 1024
MAX_MANIFEST_BYTES = 64 * 1024
DIRECTORY_BYTES_PER_ENTRY = 256
_PHOTO = re.compile(r"photos/([0-9a-f]{64})")
_END = b"PK\x05\x06"
_LONG_END, _LONG_END_BYTES = b"PK\x06\x07", 20
_END_BYTES, _COMMENT_BYTES = 22, 65_535


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the phone wrote on the outside. ``mac`` is empty where there is none."""

    device: str
    account: str
    epoch: str
    made_at: str
    app: str
    mac: str


class UnsentFile:
    """An opened file: its manifest, its operations in order, and its photos, which stay in it
    until they are asked for. Raises ``unsent.*`` from the start: nothing is done half."""

    def __init__(self, file: IO[bytes], max_photo_bytes: int) -> None:
        self._archive, self._entries = _open(file, max_photo_bytes)
        raw = self._read("ops.json")
        counts, self.manifest = _read_manifest(self._read("manifest.json"))
        self.offers = _read_ops(raw)
        self.photos = [
            found[1] for name in self._entries if (found := _PHOTO.fullmatch(name)) is not None
        ]
        digest = hashlib.sha256(raw).hexdigest()
        if counts != (len(self.offers), len(self.photos), digest):
            raise fault("unsent.damaged")
        self._raw = raw

    def is_proven(self, digests: Iterable[str]) -> bool:
        """Whether one of these push-only credentials (their SHA-256, hex) made the ``mac``."""
        made = [hmac.new(key.encode(), self._raw, hashlib.sha256).hexdigest() for key in digests]
        sent = self.manifest.mac.encode()
        return any(hmac.compare_digest(one.encode(), sent) for one in made)

    def photo_bytes(self, sha256: str) -> int:
        """The size of a photo's entry."""
        return self._entries[f"photos/{sha256}"].file_size

    def open_photo(self, sha256: str) -> IO[bytes]:
        """The bytes as they lie there; whether they are what the name says is the upload's work."""
        return self._archive.open(self._entries[f"photos/{sha256}"])

    def _read(self, name: str) -> bytes:
        if name not in self._entries:
            raise fault("unsent.damaged")
        try:
            return self._archive.read(self._entries[name])
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise fault("unsent.damaged") from error


def _open(
    file: IO[bytes], max_photo_bytes: int
) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    size = _check_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise fault("unsent.not_a_file") from error
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        most = _most_bytes(info.filename, max_photo_bytes)
        if most is None or info.filename in entries or info.flag_bits & 0x1:
            raise fault("unsent.damaged")
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise fault("unsent.damaged")
        if info.file_size > most:
            raise fault("unsent.too_large")
        entries[info.filename] = info
    if sum(info.file_size for info in entries.values()) > size:
        raise fault("unsent.damaged")  # entries that lie in one another
    return archive, entries


def _check_directory(file: IO[bytes]) -> int:
    """The file's size. The list of entries is read whole by ``zipfile``: its length is looked at
    first."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _COMMENT_BYTES))
    tail = file.read(_END_BYTES + _COMMENT_BYTES)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise fault("unsent.not_a_file")
    if tail[max(0, at - _LONG_END_BYTES) : at].startswith(_LONG_END):
        raise fault("unsent.damaged")  # ZIP64: ``zipfile`` would believe its counts, not these
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries > MAX_PHOTOS + 2 or directory > (MAX_PHOTOS + 2) * DIRECTORY_BYTES_PER_ENTRY:
        raise fault("unsent.too_large")
    file.seek(0)
    return size


def _most_bytes(name: str, max_photo_bytes: int) -> int | None:
    """The largest an entry of this name may be; None for a name that does not belong there."""
    if _PHOTO.fullmatch(name):
        return max_photo_bytes
    return {"manifest.json": MAX_MANIFEST_BYTES, "ops.json": MAX_OPS_BYTES}.get(name)


def _read_manifest(raw: bytes) -> tuple[tuple[int, int, str], Manifest]:
    try:
        frame = Frame(_load(raw), "manifest")
        if frame.text("format", 40) != FORMAT:
            raise fault("unsent.not_a_file")
        counts = frame.integer("ops"), frame.integer("photos"), frame.sha256("ops_sha256")
        manifest = Manifest(
            device=frame.text("device", 40),
            account=frame.text("account", 64),
            epoch=frame.text_or_none("epoch", 40) or "",
            made_at=frame.text_or_none("made_at", 40) or "",
            app=frame.text_or_none("app", 40) or "",
            mac=frame.text_or_none("mac", 64) or "",
        )
        frame.close()
    except Fault as error:
        raise (error if error.code.startswith("unsent.") else fault("unsent.damaged")) from error
    return counts, manifest


def _read_ops(raw: bytes) -> list[Offer]:
    sent = _load(raw)
    if not isinstance(sent, list):
        raise fault("unsent.damaged")
    if len(sent) > MAX_OPS:
        raise fault("unsent.too_large")
    try:
        offers = [build_offer(one, f"ops[{at}]") for at, one in enumerate(sent)]
    except Fault as error:
        raise fault("unsent.damaged") from error
    if any(one.seq >= two.seq for one, two in pairwise(offers)):
        raise fault("unsent.damaged")
    return offers


def _load(raw: bytes) -> Any:
    try:
        return current_app.json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise fault("unsent.damaged") from error
