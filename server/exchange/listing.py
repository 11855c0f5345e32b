"""Lookups of imports and their rows, for pages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.access import Actor
from domain.tabular_rows import RowKind
from server.db import db
from server.exchange.keepers import is_open_to
from server.exchange.models import Import, ImportRow
from server.registry.paging import Page, page_of
from server.registry.service import owner_of

STALE, ASKS = "stale", "asks"  # filters beside the kinds of rows
MOST_WARNINGS = 50


def list_imports(actor: Actor, register: str = "", page: int = 1) -> Page[Import]:
    """Those the actor may see, the newest first."""
    query = select(Import).where(Import.jurisdiction_id == owner_of(actor), is_open_to(actor))
    if register:
        query = query.where(Import.register == register)
    return page_of(query.order_by(Import.id.desc()), page)


def list_rows(one: Import, show: str = "", page: int = 1) -> Page[ImportRow]:
    """In the order of the file; ``show`` is a kind, ``asks`` or ``stale``."""
    query = select(ImportRow).where(ImportRow.import_id == one.id)
    if show == ASKS:
        query = query.where(ImportRow.has_asks)
    elif show == STALE:
        query = query.where(ImportRow.was_stale)
    elif show in list(RowKind):
        query = query.where(ImportRow.kind == show)
    return page_of(query.order_by(ImportRow.row_no), page)


def find_first_problem(import_id: int) -> tuple[int, dict[str, Any]] | None:
    """The uppermost row in error and the first of its problems."""
    query = select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.kind == RowKind.ERROR
    )
    row = db.session.scalar(query.order_by(ImportRow.row_no).limit(1))
    return None if row is None else (row.row_no, row.problems[0])


def list_warnings(import_id: int) -> list[dict[str, Any]]:
    """What a person would be asked, row by row."""
    query = select(ImportRow.row_no, ImportRow.name, ImportRow.asks).where(
        ImportRow.import_id == import_id, ImportRow.has_asks
    )
    found = db.session.execute(query.order_by(ImportRow.row_no).limit(MOST_WARNINGS))
    return [{"row": row.row_no, "name": row.name, **ask} for row in found for ask in row.asks]
