"""A photo as pages show it: what its manifest says, and which original a marked copy explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.evidence import is_original
from server.fieldsync.service import manifest_of
from server.inspections.wording import place_text, read_instant
from sync.rows import Row


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A declared picture; ``is_received`` once its bytes are stored with that hash. ``of`` is the
    original's hash of a copy somebody has drawn on, and ``has_original`` whether that stands, too;
    ``document``, ``title`` and ``page`` of one page of several. ``place`` as read by the phone."""

    sha256: str
    is_received: bool
    mime: str
    item: str
    at: datetime | None
    officer: str
    place: str
    is_imported: bool
    of: str
    has_original: bool
    document: str
    title: str
    page: int

    @property
    def address(self) -> str:
        """The picture as it was taken, byte for byte."""
        return f"/api/v1/photos/{self.sha256}"

    @property
    def href(self) -> str:
        """The whole picture, as any browser shows it."""
        return f"{self.address}/view" if self.mime == "image/heic" else self.address

    @property
    def thumb(self) -> str:
        """The small picture, empty while the file has not arrived."""
        return f"{self.address}/thumb" if self.is_received else ""


def view_photos(
    rows: Iterable[Row], officers: Mapping[int, str], item: str = ""
) -> tuple[PhotoView, ...]:
    """In the order people read them: by item, the pages of a document one after the other, each
    marked copy behind its original."""
    found = list(rows)
    standing = {str(row.fields["sha256"]) for row in found}
    views = [_view(row, item, officers, standing) for row in found]
    return tuple(sorted(views, key=lambda one: _place_in_line(one, views)))


def _place_in_line(one: PhotoView, views: Iterable[PhotoView]) -> tuple[object, ...]:
    lead = next((other for other in views if other.sha256 == one.of), one)
    at = lead.at.timestamp() if lead.at else 0.0
    return (one.item, lead.document, lead.page, at, lead.sha256, bool(one.of), one.sha256)


def _view(row: Row, item: str, officers: Mapping[int, str], standing: Iterable[str]) -> PhotoView:
    manifest = manifest_of(row)
    attached: Any = row.fields.get("attached") or []
    named = item or ", ".join(str(entity).rpartition("/")[2] for entity in attached)
    document: Any = manifest.get("document") or {}
    of = "" if is_original(manifest) else str(manifest.get("of") or "")
    return PhotoView(
        sha256=str(row.fields["sha256"]),
        is_received=row.fields.get("stored") is True,
        mime=str(row.fields.get("mime") or ""),
        item=named,
        at=read_instant(manifest.get("at")),
        officer=officers.get(manifest.get("officer_id", 0), ""),
        place=place_text(manifest.get("place")),
        is_imported=manifest.get("source") == "gallery",
        of=of,
        has_original=of in standing,
        document=str(document.get("id") or ""),
        title=str(document.get("title") or ""),
        page=int(document.get("page") or 0),
    )
