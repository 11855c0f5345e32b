"""What a firm may look up at its own door: whether this inspection is real and who is sent (R048,
R057). The address is in a QR code on the officers' phone; whoever does not stand before that phone
cannot guess it, since a visit may not be announced."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from domain.door_codes import build_door_code, parse_door_code
from domain.errors import Fault, fault
from server.accounts.directory import get_jurisdiction
from server.accounts.models import Jurisdiction
from server.db import scope_to
from server.draws.models import Draw
from server.fieldsync.sheets import read_sheet
from server.inspections.models import Inspection
from server.inspections.records import find_inspection
from server.registry import checklists as registry
from server.registry.models import Officer
from server.runtime import runtime

_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{22})")
TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Caller:
    """An officer who is sent. ``is_absent``: on record as not there; why is not told here."""

    officer: Officer
    department: str
    is_absent: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """A list a department goes by: what is checked, entry by entry."""

    department: str
    title: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoorView:
    """What the firm sees. ``is_over``: every department has handed in its sheet. ``draw`` chose
    the firm and its officers."""

    token: str
    number: str
    county: Jurisdiction
    firm: str
    task: str
    draw: Draw
    callers: tuple[Caller, ...]
    matters: tuple[Matter, ...]
    is_over: bool


def door_token(inspection_id: int) -> str:
    """The last part of the address, ``42-…``: 128 bits of HMAC-SHA-256 under the installation's
    own key."""
    key = runtime().config.secret_key.encode()
    digest = hmac.digest(key, f"suicha door {inspection_id}".encode(), sha256)
    return f"{inspection_id}-{urlsafe_b64encode(digest[:TOKEN_BYTES]).rstrip(b'=').decode()}"


def look_up(token: str) -> DoorView:
    """Raises ``request.not_found`` for any token this installation did not make, and for a visit
    that was taken back with its draw."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(token, door_token(int(found[1]))):
        raise fault("request.not_found")
    inspection = find_inspection(int(found[1]))
    if inspection is None or inspection.withdrawn_at is not None:
        raise fault("request.not_found")
    scope_to(inspection.jurisdiction_id)  # a stranger's session sees every county's lists
    return _view(inspection)


def find_token(typed: str) -> str | None:
    """The token behind what somebody typed or pasted: the code beneath the QR code, the whole
    address, or the token itself; None for anything else."""
    if found := _TOKEN.search(typed):
        visit, token = int(found[1]), found[0]
        return token if hmac.compare_digest(token, door_token(visit)) else None
    code = parse_door_code(typed)
    if code is None:
        return None
    token = door_token(int(code.partition("-")[0]))
    return token if hmac.compare_digest(code, build_door_code(token)) else None


def find_visit_of_token(token: str) -> int | None:
    """The id of the visit the token was made for; None for any other text."""
    try:
        look_up(token)
    except Fault:
        return None
    return int(token.partition("-")[0])


def _view(inspection: Inspection) -> DoorView:
    absent = {
        officer
        for sheet in inspection.sheets
        for officer in read_sheet(inspection.id, sheet.code).attendance.absent
    }
    return DoorView(
        token=door_token(inspection.id),
        number=inspection.number,
        county=get_jurisdiction(inspection.jurisdiction_id),
        firm=inspection.firm.name,
        task=inspection.task.name,
        draw=inspection.draw,
        callers=tuple(
            Caller(one.officer, one.department.name, one.officer_id in absent)
            for one in inspection.team
            if one.removed_at is None
        ),
        matters=tuple(_matters(inspection)),
        is_over=all(sheet.state not in ("open", "returned") for sheet in inspection.sheets),
    )


def _matters(inspection: Inspection) -> Iterator[Matter]:
    for sheet in inspection.sheets:
        for told in sheet.lists:
            checked = set(told["items"])
            items = registry.list_check_items(told["list"])
            yield Matter(
                sheet.department.name,
                registry.get_checklist(told["list"]).title,
                tuple(item.text for item in items if item.code in checked),
            )
