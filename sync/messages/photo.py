"""What a photo claims about itself before its bytes arrive (docs/protocol 13.3).

Claims are the phone's word: the hash is checked against the bytes, size and type are measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import fault
from sync.canonical import Plain, parse_plain
from sync.messages.frame import Frame

MIMES = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True, slots=True)
class PhotoClaim:
    """``bytes``, ``width`` and ``height`` as the phone measured them; ``manifest`` plain JSON."""

    sha256: str
    bytes: int
    mime: str
    width: int
    height: int
    manifest: Mapping[str, Plain]

    def as_fields(self) -> dict[str, Plain]:
        """The photo row's fields that never change."""
        return {
            "sha256": self.sha256,
            "bytes": self.bytes,
            "mime": self.mime,
            "width": self.width,
            "height": self.height,
            "manifest": dict(self.manifest),
        }


def parse_photo_claim(value: object, path: str = "photo") -> PhotoClaim:
    """Raises ``request.*`` with the path of the first offending field."""
    frame = Frame(value, path)
    claim = PhotoClaim(
        sha256=frame.sha256("sha256"),
        bytes=frame.integer("bytes", 1),
        mime=frame.text("mime", 40),
        width=frame.integer("width", 1),
        height=frame.integer("height", 1),
        manifest=_manifest(frame.raw("manifest"), frame.at("manifest")),
    )
    frame.close()
    if claim.mime not in MIMES:
        raise fault("request.wrong_type", field=f"{path}.mime")
    return claim


def _manifest(value: object, path: str) -> dict[str, Plain]:
    frame = Frame(value, path)
    for name in ("at", "clock_offset_ms", "place", "officer_id", "device", "source"):
        frame.has(name)
    frame.close()
    if frame.has("source") and frame.text("source", 10) not in ("camera", "gallery"):
        raise fault("request.wrong_type", field=f"{path}.source")
    if frame.has("place"):
        parse_place(frame.raw("place"), f"{path}.place")
    plain = parse_plain(value, path)
    assert isinstance(plain, dict)
    return plain


def parse_place(value: object, path: str) -> dict[str, Plain]:
    """Where, in units of 1e-7 degree and whole metres."""
    frame = Frame(value, path)
    place: dict[str, Plain] = {
        "lat_e7": frame.integer("lat_e7", -900_000_000),
        "lng_e7": frame.integer("lng_e7", -1_800_000_000),
        "accuracy_m": frame.integer("accuracy_m", 0),
    }
    frame.close()
    return place
