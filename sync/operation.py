"""One operation as made on a phone (docs/protocol 13.3), and the names it uses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sync.canonical import Plain
from sync.messages.photo import PhotoClaim

_INSPECTION: Final = re.compile(r"insp:([1-9][0-9]{0,17})")
_ANSWER: Final = re.compile(r"answer:([a-z0-9_-]{1,12})/([A-Za-z0-9._-]{1,40})")
_SHEET: Final = re.compile(r"sheet:([a-z0-9_-]{1,12})")
_PHOTO: Final = re.compile(r"photo:([0-9a-f]{64})")
_NAMED: Final = re.compile(r"(?:signature|checkin):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Kind(StrEnum):
    """What an operation does."""

    ANSWER_SET = "answer.set"
    PHOTO_ATTACH = "photo.attach"
    PHOTO_REMOVE = "photo.remove"
    SIGNATURE_ADD = "signature.add"
    CHECKIN_ADD = "checkin.add"
    SHEET_SUBMIT = "sheet.submit"
    SHEET_ACCEPT = "sheet.accept"
    SHEET_RETURN = "sheet.return"
    SHEET_ENTER = "sheet.enter"
    CORRECTION_PROPOSE = "correction.propose"
    DEVICE_LOST = "device.lost"


@dataclass(frozen=True, slots=True)
class Operation:
    """Read and checked for form; whether it may and does take effect is ``apply``'s matter.

    ``base`` maps each field sent to the head its author saw, None for "nothing was there".
    """

    op: str
    seq: int
    kind: Kind
    space: str
    entity: str
    at: str
    fields: Mapping[str, Plain] = field(default_factory=dict)
    base: Mapping[str, str | None] = field(default_factory=dict)
    photo: PhotoClaim | None = None
    seen: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    digest: str | None = None
    resolves: tuple[str, ...] = ()
    group: str | None = None


def parse_inspection(space: str) -> int | None:
    """The inspection's id out of ``insp:<id>``, None for any other space."""
    found = _INSPECTION.fullmatch(space)
    return int(found[1]) if found else None


def parse_answer(entity: str) -> tuple[str, str] | None:
    """(sheet, item) out of ``answer:<sheet>/<item>``."""
    found = _ANSWER.fullmatch(entity)
    return (found[1], found[2]) if found else None


def parse_sheet(entity: str) -> str | None:
    """The sheet out of ``sheet:<sheet>``."""
    found = _SHEET.fullmatch(entity)
    return found[1] if found else None


def parse_photo(entity: str) -> str | None:
    """The hash out of ``photo:<sha256>``."""
    found = _PHOTO.fullmatch(entity)
    return found[1] if found else None


def is_named(entity: str) -> bool:
    """Whether this is ``signature:<uuid>`` or ``checkin:<uuid>``."""
    return _NAMED.fullmatch(entity) is not None
