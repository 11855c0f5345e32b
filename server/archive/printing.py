"""The file as one PDF/A-2b: pages counted through, photos at the size of paper, faces embedded."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from flask import render_template

from domain.access import Actor
from domain.errors import Fault
from server.archive.contents import Dossier, SheetFile
from server.archive.papers import cover_facts, missing_lines
from server.archive.pieces import CLOSING, list_pieces, list_rows
from server.documents.press import PICTURE_SCHEME, STYLESHEET
from server.documents.typesetting import PressJob, typeset_into
from server.documents.wording import EMPTY_DATE
from server.fieldsync import service as fieldsync
from server.inspections.photo_view import PhotoView
from server.inspections.signature_svg import signature_paths
from server.kit.qr import qr_code

VARIANT = "pdf/a-2b"
STYLES = (STYLESHEET, "dossier.css")
# Two beside each other on A4 are 84 mm wide: 300 dots an inch.
PRINT_PIXELS = 1000
ON_THE_COVER = 6  # the cover is one page


@dataclass(frozen=True, slots=True)
class Print:
    """A photo with its number in the list; ``address`` is empty where nothing can be set."""

    place: int
    photo: PhotoView
    address: str


def write_pdf(actor: Actor, dossier: Dossier, host_url: str, made_on: date, out: IO[bytes]) -> None:
    """Call it in the language of the documents. The same record and day give the same bytes.
    Raises as ``typeset_into`` does."""
    with tempfile.TemporaryDirectory(prefix="suicha-prints-") as folder:
        pictures: dict[str, str] = {}
        prints = {
            file.sheet.code: _prints(actor, file, Path(folder), pictures) for file in dossier.sheets
        }
        pieces = list_pieces(dossier, host_url)
        html = render_template(
            "archive/dossier.html",
            dossier=dossier,
            made_on=made_on,
            cover=cover_facts(dossier, made_on),
            missing=missing_lines(dossier, ON_THE_COVER),
            rows=list_rows(dossier, pieces),
            pieces=pieces,
            prints=prints,
            closing=CLOSING,
            qr=qr_code,
            paths_of=signature_paths,
            empty_date=EMPTY_DATE,
        )
        typeset_into(out, PressJob([html], STYLES, pictures, VARIANT))


def _prints(
    actor: Actor, file: SheetFile, folder: Path, pictures: dict[str, str]
) -> tuple[Print, ...]:
    """One picture in memory at a time; the press reads them from the folder."""
    found = []
    for place, photo in enumerate(file.view.photos, start=1):
        address = ""
        if photo.is_received and photo.sha256 not in file.lost:
            address = f"{PICTURE_SCHEME}:{photo.sha256}"
            path = folder / f"{photo.sha256}.jpg"
            try:
                path.write_bytes(fieldsync.shrink_photo(actor, photo.sha256, PRINT_PIXELS))
                pictures[address] = str(path)
            except (Fault, OSError):  # damaged on the disk: said where its picture would stand
                address = ""
        found.append(Print(place, photo, address))
    return tuple(found)
