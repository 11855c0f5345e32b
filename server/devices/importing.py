"""Use case: a file of unsent work is handed in (docs/protocol 13.8)."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import IO, Any

from domain.access import Action, Actor
from domain.errors import Fault, fault
from server.accounts.service import find_device, get_person, is_revoked, list_digests
from server.accounts.sessions import actor_of
from server.audit.service import write_event
from server.db import unit_of_work
from server.devices.reach import target_of
from server.devices.unsent_files import UnsentFile
from server.fieldsync.service import origin_of, push_offers, set_aside, take_photo
from server.guard import require
from server.runtime import runtime
from sync.messages.push_request import Offer


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. ``statuses`` counts the operations by outcome, ``replay`` those known
    before; ``missing`` is the first number the phone has not delivered, before which the ``held``
    ones wait. ``is_proven``: the phone sealed it, else everything is ``forbidden``."""

    device: str
    account: str
    is_proven: bool
    ops: int
    photos: int
    statuses: dict[str, int] = field(default_factory=dict)
    missing: int | None = None
    photos_refused: list[dict[str, str]] = field(default_factory=list)

    def as_plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def import_unsent(by: Actor | None, file: IO[bytes]) -> ImportReport:
    """Pushes the file's operations and photos as the phone's own person, with that person's rights
    of today. A file that is not sealed by the phone's credential is taken too: all of it
    ``forbidden``, as proposals, under ids that are not the phone's own. Importing it again changes
    nothing. ``by``: None for the operator.

    Raises ``unsent.*``, ``device.unknown``, ``access.denied``; nothing was imported then.
    """
    found = UnsentFile(file, runtime().config.max_photo_bytes)
    device = find_device(found.manifest.device)
    if device is None:
        raise fault("unsent.unknown_device", device=found.manifest.device)
    person = get_person(device.person_id)
    if by is not None:
        require(by, Action.DEVICE_IMPORT, target_of(person))
    if found.manifest.account.strip().lower() != person.account:
        raise fault("unsent.other_account", account=found.manifest.account)
    is_proven = found.is_proven(list_digests(device.id))
    actor = actor_of(person)
    actor = replace(actor, is_quarantined=not is_proven or is_revoked(person))
    device_id, account = device.id, person.account
    with unit_of_work():
        write_event(
            actor.jurisdiction_id,
            by.person_id if by is not None else None,
            "device.imported",
            device_id,
            is_proven=is_proven,
            ops=len(found.offers),
            photos=len(found.photos),
            sha256=_hash(file),
        )
    offers = found.offers if is_proven else [set_aside(offer) for offer in found.offers]
    statuses, missing = push_offers(actor, device_id, offers, is_proven=is_proven)
    return ImportReport(
        device=device_id,
        account=account,
        is_proven=is_proven,
        ops=len(found.offers),
        photos=len(found.photos),
        statuses=dict(sorted((k, n) for k, n in statuses.items() if n)),
        missing=missing,
        photos_refused=_take_photos(actor, found, offers),
    )


def _take_photos(actor: Actor, found: UnsentFile, offers: Sequence[Offer]) -> list[dict[str, str]]:
    """One bad photo costs itself only."""
    declared: dict[str, tuple[str, ...]] = {}
    for offer in offers:
        photo = offer.sent.get("photo")
        if offer.kind == "photo.attach" and isinstance(photo, dict):
            ops = offer.op, origin_of(offer)
            declared.setdefault(str(photo.get("sha256")), ops)
    refused = []
    for sha256 in found.photos:
        try:
            with found.open_photo(sha256) as file:
                take_photo(actor, sha256, found.photo_bytes(sha256), file, declared.get(sha256, ()))
        except Fault as error:
            refused.append({"sha256": sha256, "code": error.code})
        except (zipfile.BadZipFile, EOFError):
            refused.append({"sha256": sha256, "code": "unsent.damaged"})
    return refused


def _hash(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
