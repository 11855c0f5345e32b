"""How an answer to a checklist item is judged (R070: one judgement for everybody).

The phone judges offline with the same rules; both run `tests/vectors/judge.json`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.answers import AnswerValue, ItemType, Number, Pair, parse_answer_value
from domain.check_items import CheckItem, Known
from domain.errors import Refused
from domain.rules import Rule, holds_date, holds_number


class Verdict(StrEnum):
    """What a judged item comes to. RECORDED: filled in, nothing to pass or fail. MISSING: cannot
    be judged yet. NEEDS_VERDICT: the value is there, the officer must judge."""

    PASS = "pass"  # noqa: S105  (a verdict, not a password)
    FAIL = "fail"
    NA = "na"
    RECORDED = "recorded"
    MISSING = "missing"
    NEEDS_VERDICT = "needs_verdict"


class Missing(StrEnum):
    """What keeps an item from being complete."""

    VALUE = "value"
    PHOTO = "photo"
    GIVEN = "given"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`missing` is empty exactly when the item is complete. An optional item without any answer
    is `missing` with nothing missing."""

    verdict: Verdict
    missing: tuple[Missing, ...] = ()


def parse_value(item: CheckItem, value: object) -> AnswerValue | Refused | None:
    """The wire `value` of an answer in its own type; None for a cleared answer (JSON null);
    Refused with `answer.*` or `op.fraction` when it is not the item's. Never raises."""
    return parse_answer_value(item.type, item.code, value, item.unit)


def judge_answer(
    item: CheckItem,
    answer: Mapping[str, object],
    photo_count: int,
    inspection_date: date | None,
    today: date,
    has_firm_signed: bool = False,
) -> Judgement:
    """Judges the answer's fields `value` and `verdict` (each may be absent or null) with
    `photo_count` originals attached and not removed. An unreadable value counts as missing. `na`
    given as the officer's verdict ends the judgement of any item (FRT-11 asks for it); pass and
    fail are heard only where no rule can be computed. Dates are those of the inspection site.
    `has_firm_signed`: a signature or a witnessed refusal stands on the sheet."""
    parsed = parse_value(item, answer.get("value"))
    value = None if isinstance(parsed, Refused) else parsed
    said = _said(answer.get("verdict"))
    if said is Verdict.NA:
        return Judgement(Verdict.NA)
    if item.type is ItemType.PHOTO:
        return _judge_photos(item, photo_count, has_firm_signed)
    if value is None:
        return Judgement(Verdict.MISSING, (Missing.VALUE,) if item.is_required else ())
    verdict, lack = _judge_value(item, value, said, inspection_date, today)
    if verdict is Verdict.FAIL and item.photo_on_fail and photo_count < 1:
        return Judgement(verdict, (Missing.PHOTO,))
    return Judgement(verdict, () if lack is None else (lack,))


def _said(verdict: object) -> Verdict | None:
    return Verdict(verdict) if verdict in ("pass", "fail", "na") else None


def _judge_photos(item: CheckItem, photo_count: int, has_firm_signed: bool) -> Judgement:
    if item.known is Known.FIRM_SIGNATURE and photo_count < 1:
        # The signature is asked for by itself; a picture of it would be asked for twice.
        return Judgement(Verdict.RECORDED if has_firm_signed else Verdict.MISSING)
    if photo_count >= max(1, item.min_photos):
        return Judgement(Verdict.RECORDED)
    return Judgement(Verdict.MISSING, (Missing.PHOTO,) if item.is_required else ())


def _judge_value(
    item: CheckItem,
    value: AnswerValue,
    said: Verdict | None,
    inspection_date: date | None,
    today: date,
) -> tuple[Verdict, Missing | None]:
    if item.type is ItemType.JUDGE:
        return Verdict(str(value)), None
    if isinstance(value, Pair) and value.checked == 0:
        # Nothing was looked at: neither a pass nor a failure. Not applicable is said as `na`.
        return Verdict.MISSING, Missing.VALUE
    if item.rule is None:
        return Verdict.RECORDED, None
    is_held = _holds(item.rule, value, inspection_date, today)
    if is_held is not None:
        return (Verdict.PASS if is_held else Verdict.FAIL), None
    if item.rule.is_computable:
        return Verdict.MISSING, Missing.GIVEN
    return (said, None) if said is not None else (Verdict.NEEDS_VERDICT, Missing.VERDICT)


def _holds(rule: Rule, value: AnswerValue, on: date | None, today: date) -> bool | None:
    if isinstance(value, Number):
        return holds_number(rule, value.number, value.given)
    if isinstance(value, Pair):
        # A pair is judged by its failures; the number checked only says how many were seen.
        return holds_number(rule, Fraction(value.failed), {})
    if isinstance(value, date):
        return holds_date(rule, value, on, today)
    return None
