"""The firm's part in a sheet: its person signs, refuses, or has not signed again what was changed
after a return (R063, decision 0014), and who that person is to the firm.

What says the third names no signer and has a role of its own: an end that does not know it finds
neither a signature nor a refusal in it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

UNSIGNED: Final = "unsigned"
MAX_RELATION_NOTE: Final = 64


class Relation(StrEnum):
    """Who the person is to the firm 与被检查单位的关系; ``OTHER`` goes with words."""

    LEGAL = "legal"
    HEAD = "head"
    AGENT = "agent"
    STAFF = "staff"
    OTHER = "other"


class FirmPart(StrEnum):
    """What stands for the firm. ``VOID``: it signed, and the record changed since."""

    SIGNED = "signed"
    REFUSED = "refused"
    UNSIGNED = "unsigned"
    VOID = "void"
    NONE = "none"


def read_firm_part(signatures: Iterable[tuple[Mapping[str, Any], bool]]) -> FirmPart:
    """From the fields of a sheet's signatures and whether each is void. The firm's own word goes
    before what the officers say of it, what stands before what is void."""
    parts = {_part_of(fields, is_void) for fields, is_void in signatures}
    return next((one for one in FirmPart if one in parts), FirmPart.NONE)


def may_be_unsigned(was_returned: bool, signatures: Iterable[Mapping[str, Any]]) -> bool:
    """Whether it may be recorded that the firm has not signed again: there was a first time."""
    return was_returned and any(one.get("role") == "firm" for one in signatures)


def _part_of(fields: Mapping[str, Any], is_void: bool) -> FirmPart:
    role, has_reason = fields.get("role"), bool(str(fields.get("reason") or "").strip())
    if role == "firm" and fields.get("refused"):
        return FirmPart.REFUSED if has_reason else FirmPart.NONE
    if role == "firm":
        return FirmPart.VOID if is_void else FirmPart.SIGNED
    if role == UNSIGNED and has_reason and not is_void:
        return FirmPart.UNSIGNED
    return FirmPart.NONE
