"""Papers and photos an order is asked for with: decoded, bounded, kept under their hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import select

from domain.access import Actor
from domain.errors import fault
from server.corrections.models import CorrectionEvidence
from server.db import db
from server.fieldsync import service as fieldsync
from server.runtime import now

MAX_PAPERS = 10


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was sent; ``name`` as the browser told it, without folders."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """The bytes are on disk; on record after ``record_papers``."""

    document: fieldsync.Document
    name: str


def keep_papers(papers: Sequence[Paper]) -> list[KeptPaper]:
    """To be called before a unit of work. Raises ``correction.too_many_papers`` and what
    ``fieldsync.keep_document`` raises, with the file's name as ``name``."""
    if len(papers) > MAX_PAPERS:
        raise fault("correction.too_many_papers", max=MAX_PAPERS)
    return [KeptPaper(fieldsync.keep_document(one.stream), one.name[-200:]) for one in papers]


def record_papers(actor: Actor, order_id: str, papers: Sequence[KeptPaper]) -> None:
    """Into the running unit of work."""
    for one in papers:
        fieldsync.record_document(actor, one.document)
        db.session.add(
            CorrectionEvidence(
                jurisdiction_id=actor.jurisdiction_id,
                order_id=order_id,
                sha256=one.document.sha256,
                name=one.name,
                mime=one.document.picture.mime,
                person_id=actor.person_id,
                at=now(),
            )
        )
    db.session.flush()


def carry_papers(actor: Actor, old_id: str, order_id: str) -> None:
    """What an order was asked for with goes along when it is asked for again."""
    for one in list_evidence(old_id):
        db.session.add(
            CorrectionEvidence(
                jurisdiction_id=actor.jurisdiction_id,
                order_id=order_id,
                sha256=one.sha256,
                name=one.name,
                mime=one.mime,
                person_id=one.person_id,
                at=one.at,
            )
        )
    db.session.flush()


def list_evidence(order_id: str) -> list[CorrectionEvidence]:
    """In the order in which it was handed in."""
    query = select(CorrectionEvidence).where(CorrectionEvidence.order_id == order_id)
    return list(db.session.scalars(query.order_by(CorrectionEvidence.id)))


def get_paper(order_id: str, evidence_id: int) -> tuple[CorrectionEvidence, Path]:
    """The paper and its file; who may read the order was asked before. Raises
    ``attachment.not_found``."""
    for one in list_evidence(order_id):
        if one.id == evidence_id:
            return one, fieldsync.get_document(one.sha256)[1]
    raise fault("attachment.not_found")
