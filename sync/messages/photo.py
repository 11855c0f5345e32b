"""What a photo claims about itself before its bytes arrive (docs/protocol 13.3).

Claims are the phone's word: the hash is checked against the bytes, size and type are measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import fault
from domain.evidence import MARKED
from sync.canonical import Plain, parse_plain
from sync.messages.frame import Frame
from sync.messages.marks import check_marks

MIMES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
SOURCES = frozenset({"camera", "gallery", MARKED})
MAX_PAGES = 999


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
    if claim.manifest.get("of") == claim.sha256:  # a copy of itself
        raise fault("request.wrong_type", field=f"{path}.manifest.of")
    return claim


def _manifest(value: object, path: str) -> dict[str, Plain]:
    frame = Frame(value, path)
    for name in ("at", "clock_offset_ms", "place", "officer_id", "device"):
        frame.has(name)
    source = frame.text("source", 10) if frame.has("source") else ""
    if source and source not in SOURCES:
        raise fault("request.wrong_type", field=f"{path}.source")
    if source == MARKED:
        frame.sha256("of")
        check_marks(frame.raw("marks"), f"{path}.marks")
    elif frame.has("document"):
        _check_document(frame.raw("document"), f"{path}.document")
    frame.close()
    if frame.has("place"):
        parse_place(frame.raw("place"), f"{path}.place")
    plain = parse_plain(value, path)
    assert isinstance(plain, dict)
    return plain


def _check_document(value: object, path: str) -> None:
    """One page of several: the group's id, the page from 1, and what it is called."""
    frame = Frame(value, path)
    frame.uuid("id")
    if frame.integer("page", 1) > MAX_PAGES:
        raise fault("request.wrong_type", field=f"{path}.page")
    if frame.has("title"):
        frame.text("title", 60)
    frame.close()


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
