"""The file as a ZIP: the originals, the PDF and a signed list of all of them with their hashes."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from domain.access import Actor
from domain.archive import Part, Turn
from domain.canonical import canonical_json
from domain.errors import Fault
from server.archive.contents import Dossier, SheetFile
from server.archive.manifest import FORMAT, MANIFEST, PDF, SIGNATURE, hash_stream
from server.custody.service import sign_text
from server.fieldsync import service as fieldsync
from server.inspections.photo_view import PhotoView

SUFFIXES = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
    "application/pdf": "pdf",
}  # fmt: skip
# The earliest a ZIP can tell: no entry says when the file was made, or two would differ.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the ZIP; ``told`` is its line in the list."""

    told: dict[str, Any]
    source: Path | bytes


def write_zip(actor: Actor, dossier: Dossier, pdf: IO[bytes], made_on: date, out: IO[bytes]) -> str:
    """The same record, PDF and key give the same bytes. Answers the SHA-256 of the list. Photos are
    hashed again; one whose bytes are not what was declared is left out and told as missing."""
    entries, damaged = _entries(actor, dossier)
    pdf.seek(0)
    length, sha256 = hash_stream(pdf)
    files = [{"name": PDF, "kind": "pdf", "bytes": length, "sha256": sha256}]
    manifest = _manifest(dossier, [*files, *(one.told for one in entries)], damaged, made_on)
    text = canonical_json(manifest)
    signature = sign_text(text)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        _add(file, MANIFEST, text.encode())
        _add(file, SIGNATURE, canonical_json(signature).encode())
        pdf.seek(0)
        _add_stream(file, PDF, pdf)
        for one in entries:
            _add(file, one.told["name"], one.source)
    return hash_stream(io.BytesIO(text.encode()))[1]


def _entries(actor: Actor, dossier: Dossier) -> tuple[list[Entry], list[dict[str, Any]]]:
    entries: list[Entry] = []
    damaged: list[dict[str, Any]] = []
    papers = [paper for one in (*dossier.before, *dossier.after) for paper in one.documents]
    _add_documents("visit", papers, entries, damaged)
    for file in dossier.sheets:
        code = file.sheet.code
        for version in sorted(file.view.versions, key=lambda one: one.version):
            content = version.content.encode()
            length, sha256 = hash_stream(io.BytesIO(content))
            name = _version_name(code, version.version)
            told = {"name": name, "kind": "sheet", "bytes": length, "sha256": sha256}
            entries.append(Entry(told, content))
        for place, photo in enumerate(file.view.photos, start=1):
            found = _photo(actor, file, place, photo)
            if found is not None:
                entries.append(found)
            elif photo.is_received and photo.sha256 not in file.lost:
                damaged.append(_missing_line(code, Part.PHOTOS, "damaged", Turn.ADMINISTRATOR))
        _add_documents(code, file.documents, entries, damaged)
    return entries, damaged


def _add_documents(
    code: str,
    papers: list[tuple[str, str]],
    entries: list[Entry],
    damaged: list[dict[str, Any]],
) -> None:
    """Each once, whatever it was attached to."""
    named = {sha256: title for title, sha256 in reversed(papers)}
    for place, sha256 in enumerate(dict.fromkeys(one for _title, one in papers), start=1):
        paper = _document(code, place, named[sha256], sha256)
        if paper is not None:
            entries.append(paper)
        else:
            damaged.append(_missing_line(code, Part.FOLLOW_UP, "damaged", Turn.ADMINISTRATOR))


def _photo(actor: Actor, file: SheetFile, place: int, photo: PhotoView) -> Entry | None:
    """None for one that is on a phone, lost, or not what was declared."""
    try:
        _blob, path = fieldsync.get_photo_path(actor, photo.sha256)
    except Fault:
        return None
    with path.open("rb") as stream:
        length, sha256 = hash_stream(stream)
    if sha256 != photo.sha256:
        return None
    suffix = SUFFIXES.get(photo.mime, "bin")
    told: dict[str, Any] = {
        "name": f"photos/{file.sheet.code}/{place:03d}-{sha256[:16]}.{suffix}",
        "kind": "photo",
        "bytes": length,
        "sha256": sha256,
        "item": photo.item,
        "at": fieldsync.dump_instant(photo.at) if photo.at is not None else None,
        "place": photo.place,
        "officer": photo.officer,
        "marked_copy_of": photo.of,
        "is_imported": photo.is_imported,
    }
    return Entry(told, path)


def _document(code: str, place: int, title: str, sha256: str) -> Entry | None:
    """A paper attached to what followed the entry, as it was sent; None for one that is lost or
    not what was sent."""
    try:
        mime, path = fieldsync.get_document(sha256)
    except Fault:
        return None
    with path.open("rb") as stream:
        length, found = hash_stream(stream)
    if found != sha256:
        return None
    name = f"documents/{code}/{place:03d}-{sha256[:16]}.{SUFFIXES.get(mime, 'bin')}"
    line = {"name": name, "kind": "document", "bytes": length, "sha256": sha256, "title": title}
    return Entry(line, path)


def _manifest(
    dossier: Dossier, files: list[dict[str, Any]], damaged: list[dict[str, Any]], made_on: date
) -> dict[str, Any]:
    found = dossier.inspection
    missing = [
        _missing_line(sheet.code if sheet is not None else "", one.part, one.why, one.turn)
        for sheet, one in dossier.missing
    ] + damaged
    return {
        "format": FORMAT,
        "county": dossier.county,
        "number": found.number,
        "firm": {"name": found.firm.name, "uscc": found.firm.uscc},
        "task": {"number": found.task.task_no, "name": found.task.name},
        "draw": found.draw.public_id,
        "departments": [
            {"code": one.sheet.code, "name": one.sheet.department.name, "state": one.sheet.state}
            for one in dossier.sheets
        ],
        "departments_left_out": [one.department.name for one in dossier.hidden],
        "sheets": [
            {
                "department": file.sheet.code,
                "version": version.version,
                "result": version.result_code,
                "entered_at": fieldsync.dump_instant(version.entered_at),
                "digest": version.digest,
                "file": _version_name(file.sheet.code, version.version),
            }
            for file in dossier.sheets
            for version in sorted(file.view.versions, key=lambda one: one.version)
        ],
        "made_on": made_on.isoformat(),
        "is_complete": not missing,
        "missing": missing,
        "files": files,
    }


def _missing_line(department: str, part: Part, why: str, turn: Turn | None) -> dict[str, Any]:
    return {
        "department": department, "part": str(part), "why": why, "turn": str(turn) if turn else "",
    }  # fmt: skip


def _version_name(code: str, version: int) -> str:
    return f"sheets/{code}/version-{version}.json"


def _add(file: zipfile.ZipFile, name: str, source: Path | bytes) -> None:
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
        _add_stream(file, name, stream)


def _add_stream(file: zipfile.ZipFile, name: str, stream: IO[bytes]) -> None:
    info = zipfile.ZipInfo(name, FIXED_TIME)
    info.compress_type = zipfile.ZIP_STORED  # photos and a PDF are compressed already
    info.create_system, info.external_attr = 3, 0o644 << 16
    with file.open(info, "w") as entry:
        shutil.copyfileobj(stream, entry, 2**20)
