"""Use cases: how the file of a visit stands, and the file itself as PDF and as ZIP. It is made from
what is on record whenever somebody asks; nothing of it is stored, and nothing is ever deleted."""

from __future__ import annotations

import tempfile
from typing import IO

from domain.access import Actor
from server.archive import printing
from server.archive.bundling import write_zip as bundle
from server.archive.contents import Dossier, SheetFile, read_dossier
from server.archive.manifest import hash_stream
from server.audit.service import write_event
from server.db import unit_of_work
from server.documents.wording import file_name
from server.i18n import in_chinese
from server.runtime import today

__all__ = ["Dossier", "SheetFile", "read_dossier", "write_pdf", "write_zip"]


def write_pdf(actor: Actor, inspection_id: int, host_url: str, out: IO[bytes]) -> str:
    """Writes the file to ``out``, a real file, and answers its name. Raises as ``read_dossier``
    and ``typeset_into`` do. Who took it is on record, with its SHA-256."""
    with in_chinese():
        dossier = read_dossier(actor, inspection_id)
        printing.write_pdf(actor, dossier, host_url, today(), out)
    out.seek(0)
    _record(actor, dossier, "pdf", hash_stream(out)[1])
    return _name(dossier, "pdf")


def write_zip(actor: Actor, inspection_id: int, host_url: str, out: IO[bytes]) -> str:
    """As ``write_pdf``; on record is the SHA-256 of the list, which names all the others."""
    with in_chinese(), tempfile.TemporaryFile() as pdf:
        dossier = read_dossier(actor, inspection_id)
        printing.write_pdf(actor, dossier, host_url, today(), pdf)
        listed = bundle(actor, dossier, pdf, today(), out)
    _record(actor, dossier, "zip", listed)
    return _name(dossier, "zip")


def _record(actor: Actor, dossier: Dossier, form: str, sha256: str) -> None:
    with unit_of_work():
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "archive.taken",
            dossier.inspection.space,
            form=form,
            sha256=sha256,
            is_complete=dossier.is_complete,
        )


def _name(dossier: Dossier, form: str) -> str:
    return f"{file_name('案卷', dossier.inspection.number)}.{form}"
