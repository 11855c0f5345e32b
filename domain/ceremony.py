"""The draw as an event in a room: who was there, and the public randomness as it turned up
(R044, R051; DESIGN §7.2).

What was said is one JSON object beside the draw, never part of the hashed record: `needed` rolls
are fixed with the freeze, so that nobody can go on until the result pleases; a roll that was
mistyped is struck and stays; one source, once begun, closes the others.
Keys: needed, place, began_at, operator, witness {name, unit}, present [{department, names}],
meeting {held_on, participants, scheme_no}, platform, source "dice"|"lottery",
rolls [{value, at, struck? {at, reason}}], closed_at,
lottery {name, issue, declared_at, numbers?, published_at?, entered_at?}, signed {at, note},
ratio {plan, percent, item {code, name, is_key}} where an item's ratio counts instead of the plan's.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.draw_tickets import plain_seed
from domain.errors import fault

Ceremony = Mapping[str, Any]

SIDES: Final = 6
DEFAULT_ROLLS: Final = 20  # 6 to the 20th is 51 bits
SMALLEST_ROLLS: Final = 8
LARGEST_ROLLS: Final = 100
DICE: Final = "dice"
LOTTERY: Final = "lottery"
_BETWEEN: Final = " \t\r\n,，、;；-–—/"


def rolls_needed(setting: object) -> int:
    """How many rolls a county asks for (setting `draw.dice_rolls`); the default for anything that
    is no whole number in bounds."""
    is_whole = isinstance(setting, int) and not isinstance(setting, bool)
    if is_whole and SMALLEST_ROLLS <= int(str(setting)) <= LARGEST_ROLLS:
        return int(str(setting))
    return DEFAULT_ROLLS


def parse_rolls(text: str) -> list[int]:
    """The pips as read out, in order; blanks and signs between them do not count. Raises
    `draw.dice_value` for anything else, also for nothing."""
    plain = unicodedata.normalize("NFKC", text)
    found = [one for one in plain if one not in _BETWEEN]
    if not found or any(one not in "123456" for one in found):
        raise fault("draw.dice_value", text=text.strip()[:40], sides=SIDES)
    return [int(one) for one in found]


def standing_rolls(ceremony: Ceremony) -> list[int]:
    """The pips that count: those that were not struck, in order."""
    return [one["value"] for one in ceremony.get("rolls", ()) if not one.get("struck")]


def rolls_left(ceremony: Ceremony) -> int:
    """How many are still to be thrown."""
    return int(ceremony.get("needed", DEFAULT_ROLLS)) - len(standing_rolls(ceremony))


def has_begun(ceremony: Ceremony) -> bool:
    """Whether some of the randomness may be known: from here on the pool cannot be given up by
    those who run the draw, nor another source be taken."""
    return bool(ceremony.get("source"))


def with_rolls(ceremony: Ceremony, values: Sequence[int], seen: int, at: str) -> dict[str, Any]:
    """With these rolls added. `seen` is how many were on record when they were typed: two windows
    or a second click must not enter a roll twice. Raises `draw.meeting_missing`,
    `draw.randomness_begun` (another source), `draw.dice_closed`, `draw.dice_moved`,
    `draw.dice_too_many`."""
    _require_open(ceremony, DICE)
    rolls = list(ceremony.get("rolls", ()))
    if len(rolls) != seen:
        raise fault("draw.dice_moved")
    left = rolls_left(ceremony)
    if len(values) > left:
        raise fault("draw.dice_too_many", left=left, given=len(values))
    rolls += [{"value": value, "at": at} for value in values]
    return {**ceremony, "source": DICE, "rolls": rolls}


def with_struck(ceremony: Ceremony, number: int, reason: str, at: str) -> dict[str, Any]:
    """With roll `number` (from 1) struck: it stays, with the reason, and counts no more. Raises
    `draw.dice_closed`, and `draw.dice_moved` for a roll that is not there or struck already."""
    _require_open(ceremony, DICE)
    rolls = [dict(one) for one in ceremony.get("rolls", ())]
    if not 1 <= number <= len(rolls) or rolls[number - 1].get("struck"):
        raise fault("draw.dice_moved")
    rolls[number - 1]["struck"] = {"at": at, "reason": reason}
    return {**ceremony, "rolls": rolls}


def with_dice_closed(ceremony: Ceremony, at: str) -> dict[str, Any]:
    """The witness has agreed: nothing is struck any more. Raises `draw.dice_closed` and
    `draw.dice_missing`."""
    _require_open(ceremony, DICE)
    if left := rolls_left(ceremony):
        raise fault("draw.dice_missing", left=left, needed=ceremony.get("needed", DEFAULT_ROLLS))
    return {**ceremony, "closed_at": at}


def with_lottery(ceremony: Ceremony, name: str, issue: str, at: str) -> dict[str, Any]:
    """With the lottery named whose next result counts: named before it is published, or somebody
    could look for the one that pleases. Raises `draw.meeting_missing`, `draw.randomness_begun`."""
    _require_open(ceremony, LOTTERY)
    if ceremony.get("lottery"):
        raise fault("draw.randomness_begun")
    lottery = {"name": name, "issue": issue, "declared_at": at}
    return {**ceremony, "source": LOTTERY, "lottery": lottery}


def seed_of(ceremony: Ceremony) -> str:
    """The plain seed that follows from what is on record. Raises `draw.seed_missing` while it is
    not complete."""
    if ceremony.get("source") == DICE and ceremony.get("closed_at"):
        return plain_seed("".join(map(str, standing_rolls(ceremony))))
    if ceremony.get("source") == LOTTERY and ceremony["lottery"].get("numbers"):
        return plain_seed(ceremony["lottery"]["numbers"])
    raise fault("draw.seed_missing")


def has_seed(ceremony: Ceremony) -> bool:
    """Whether the randomness is complete."""
    is_thrown = ceremony.get("source") == DICE and bool(ceremony.get("closed_at"))
    return is_thrown or bool(ceremony.get("lottery", {}).get("numbers"))


def _require_open(ceremony: Ceremony, source: str) -> None:
    if not ceremony.get("witness"):
        raise fault("draw.meeting_missing")
    if ceremony.get("source", source) != source:
        raise fault("draw.randomness_begun")
    if ceremony.get("closed_at"):
        raise fault("draw.dice_closed")
