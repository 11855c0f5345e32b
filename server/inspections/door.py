"""What a firm may look up at its own door: whether this inspection is real and who is sent (R048,
R057). The address is in a QR code on the officers' phone; whoever does not stand before that phone
cannot guess it, since a visit may not be announced."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from domain.errors import Fault, fault
from server.fieldsync.sheets import read_sheet
from server.inspections.models import Inspection
from server.inspections.records import find_inspection
from server.runtime import runtime

_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{22})")
TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Caller:
    """An officer who is sent. ``is_absent``: on record as not there; why is not told here."""

    name: str
    cert_no: str
    department: str
    is_absent: bool


@dataclass(frozen=True, slots=True)
class DoorView:
    """What the firm sees. ``is_over``: every department has handed in its sheet."""

    number: str
    firm: str
    task: str
    callers: tuple[Caller, ...]
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
    return _view(inspection)


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
        number=inspection.number,
        firm=inspection.firm.name,
        task=inspection.task.name,
        callers=tuple(
            Caller(
                one.officer.name,
                one.officer.cert_no,
                one.department.name,
                one.officer_id in absent,
            )
            for one in inspection.team
            if one.removed_at is None
        ),
        is_over=all(sheet.state not in ("open", "returned") for sheet in inspection.sheets),
    )
