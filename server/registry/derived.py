"""What a register entry's columns say once more for the search, set with each write through the
session, whoever writes: a form, an import, an undo."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import inspect

from domain.identifiers import licence_digits
from server.registry.initials import initials_of

INITIALS_WIDTH = {"firms": 120, "officers": 64}
MAX_DIGITS_CHARACTERS = 160
# PostgreSQL keeps no more than about 2,700 bytes of a row in an index.
MAX_SEARCH_CHARACTERS = 600
SEARCHED = ("name", "uscc", "former_usccs", "licence_no", "more_licences", "address")


def digits_of(licences: Iterable[str]) -> str:
    """The 12 digits of each licence that has them (domain.md 3.5), with blanks between."""
    found = [digits for one in licences if (digits := licence_digits(one))]
    return " ".join(dict.fromkeys(found))[:MAX_DIGITS_CHARACTERS]


def searchable(text: str) -> str:
    """As the search compares: lower case, full-width letters, digits and brackets made plain."""
    return unicodedata.normalize("NFKC", text).lower()


def search_text_of(
    name: str, initials: str, uscc: str, former_usccs: Iterable[str], digits: str, address: str
) -> str:
    """What a clerk types first: name, initials, codes, licence digits, address."""
    parts = (name, initials, uscc, *former_usccs, digits, address)
    return searchable("|".join(part for part in parts if part))[:MAX_SEARCH_CHARACTERS]


def trades_of(category: str, more_categories: Iterable[str]) -> str:
    """``|passenger|hazmat|``, the main trade first."""
    return f"|{'|'.join(dict.fromkeys((category, *more_categories)))}|"


def derive_firm(_mapper: Any, _connection: Any, firm: Any) -> None:
    """Before a firm is written."""
    if _has_changed(firm, "status"):
        firm.is_active = (firm.status or "open") == "open"
    firm.trades = trades_of(firm.category, firm.more_categories or [])
    if not firm.search_text or any(_has_changed(firm, name) for name in SEARCHED):
        if not firm.name_initials or _has_changed(firm, "name"):
            firm.name_initials = initials_of(firm.name, INITIALS_WIDTH["firms"])
        firm.licence_digits = digits_of([firm.licence_no or "", *(firm.more_licences or [])])
        firm.search_text = search_text_of(
            firm.name,
            firm.name_initials,
            firm.uscc,
            firm.former_usccs or [],
            firm.licence_digits,
            firm.address or "",
        )


def derive_officer(_mapper: Any, _connection: Any, officer: Any) -> None:
    """Before an officer is written."""
    if not officer.name_initials or _has_changed(officer, "name"):
        officer.name_initials = initials_of(officer.name, INITIALS_WIDTH["officers"])


def derived_values(register: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The same for an entry that is no object yet."""
    if register not in INITIALS_WIDTH:
        return {}
    initials = initials_of(entry["name"], INITIALS_WIDTH[register])
    if register != "firms":
        return {"name_initials": initials}
    digits = digits_of([entry.get("licence_no") or "", *(entry.get("more_licences") or [])])
    former = entry.get("former_usccs") or []
    return {
        "name_initials": initials,
        "licence_digits": digits,
        "trades": trades_of(entry["category"], entry.get("more_categories") or []),
        "search_text": search_text_of(
            entry["name"], initials, entry["uscc"], former, digits, entry.get("address") or ""
        ),
    }


def _has_changed(row: Any, name: str) -> bool:
    return bool(inspect(row).attrs[name].history.has_changes())
