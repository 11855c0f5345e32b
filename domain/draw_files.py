"""A record file of any kind, verified by what it says it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.draw_changes import ChangeKind
from domain.draw_differences import Difference
from domain.draw_records import find_differences
from domain.draw_replacements import verify_replacement
from domain.draw_withdrawals import verify_withdrawal


def list_differences(record: Mapping[str, Any]) -> Sequence[Difference | str]:
    """Of a draw, a replaced officer or a withdrawn firm. A draw made on the platform has no seed
    of ours, and says so. Never raises."""
    match record.get("kind"):
        case ChangeKind.REPLACEMENT:
            return verify_replacement(record)
        case ChangeKind.WITHDRAWAL:
            return verify_withdrawal(record)
        case "official":
            return ["origin: made on the official platform, there is no seed to recompute it from"]
        case _:
            return find_differences(record)


def verify_record(record: Mapping[str, Any]) -> list[str]:
    """One line per difference; empty when equal."""
    return [str(one) for one in list_differences(record)]


def name_of_record(record: Mapping[str, Any]) -> str:
    """The number a record goes by."""
    return str(record.get("change_id") or record.get("draw_id") or "")
