"""The ``fields`` of each operation kind: which may stand there and of what type (protocol 13.3).

An answer's ``value`` is judged against its item by ``apply``; here it only has to be plain JSON.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from domain.attendance import MAX_ABSENCE_NOTE, AbsenceReason
from domain.deadlines import parse_date
from domain.errors import Fault, fault
from domain.firm_part import MAX_RELATION_NOTE, UNSIGNED, Relation
from domain.outcomes import VisitOutcome
from sync.canonical import Plain
from sync.messages.frame import Frame
from sync.messages.photo import parse_place
from sync.operation import Kind

Shape = Callable[[Mapping[str, Plain], str], Mapping[str, Plain]]
VERDICTS: Final = ("pass", "fail", "na", None)
OUTCOMES: Final = (*VisitOutcome, None)
MAX_NOTE: Final = 2000
MAX_STROKES: Final = 500
MAX_COMMENTS: Final = 200
MAX_POINTS: Final = 20_000
MAX_SIGNED_PHOTOS: Final = 1_000
SIGNATURE_TEXTS: Final = (
    ("post", 64), ("relation_note", MAX_RELATION_NOTE), ("reason", 500), ("statement", 2000)
)  # fmt: skip
_SHA256: Final = re.compile(r"[0-9a-f]{64}").fullmatch


def _answer(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    frame.has("value")
    if frame.has("note"):
        _text_up_to(frame, "note", MAX_NOTE)
    frame.has("verdict")
    frame.has("by_rest")
    frame.has("outcome")
    frame.close()
    if fields.get("verdict") not in VERDICTS:
        raise fault("request.wrong_type", field=frame.at("verdict"))
    by_rest = fields.get("by_rest")
    if by_rest is not None and by_rest is not True:
        raise fault("request.wrong_type", field=frame.at("by_rest"))
    if fields.get("outcome") not in OUTCOMES:
        raise fault("request.wrong_type", field=frame.at("outcome"))
    return fields


def _correction(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    if frame.has("reason"):
        _text_up_to(frame, "reason", MAX_NOTE)
    if frame.has("result"):
        frame.integer("result", 1)
    own = ("reason", "result")
    _answer({name: value for name, value in fields.items() if name not in own}, path)
    return fields


def _removal(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    frame.text("from", 120)
    frame.close()
    return fields


def _signature(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    frame.text("sheet", 12)
    role = frame.text("role", 10)
    frame.text("name", 64)
    for name, longest in SIGNATURE_TEXTS:
        if frame.has(name):
            _text_up_to(frame, name, longest)
    if frame.has("relation") and fields["relation"] not in tuple(Relation):
        raise fault("request.wrong_type", field=frame.at("relation"))
    for name in ("officer_id", "notice"):
        if frame.has(name):
            frame.integer(name, 1)
    is_refused = frame.raw("refused")
    check_strokes(frame)
    if frame.has("signed"):
        _signed(Frame(frame.raw("signed"), frame.at("signed")))
    frame.close()
    if role not in ("officer", "firm", "notice", UNSIGNED):
        raise fault("request.wrong_type", field=frame.at("role"))
    if not isinstance(is_refused, bool):
        raise fault("request.wrong_type", field=frame.at("refused"))
    if role == "officer" and not frame.has("officer_id"):
        raise fault("request.missing_field", field=frame.at("officer_id"))
    if role == UNSIGNED:
        _unsigned(fields, frame)
    return fields


def _unsigned(fields: Mapping[str, Plain], frame: Frame) -> None:
    """Says why, and of what; nobody drew it and nobody refused."""
    if not str(fields.get("reason") or "").strip():
        raise fault("request.missing_field", field=frame.at("reason"))
    if "signed" not in fields:
        raise fault("request.missing_field", field=frame.at("signed"))
    for name in ("refused", "strokes"):
        if fields[name]:
            raise fault("request.wrong_type", field=frame.at(name))


def _signed(frame: Frame) -> None:
    """What was before the signer's eyes (``sync.signing``)."""
    frame.sha256("digest")
    for one in frame.items("photos", MAX_SIGNED_PHOTOS):
        if not isinstance(one, str) or _SHA256(one) is None:
            raise fault("request.wrong_type", field=frame.at("photos"))
    frame.close()


def check_strokes(frame: Frame) -> None:
    """Strokes are data, not a picture: lists of [x, y, t] in whole pixels and milliseconds, in a
    box of ``size``. Raises ``request.*``."""
    points = 0
    for stroke in frame.items("strokes", MAX_STROKES):
        if not isinstance(stroke, list):
            raise fault("request.wrong_type", field=frame.at("strokes"))
        points += len(stroke)
        if points > MAX_POINTS or not all(_is_numbers(point, 3) for point in stroke):
            raise fault("request.wrong_type", field=frame.at("strokes"))
    if not _is_numbers(frame.raw("size"), 2):
        raise fault("request.wrong_type", field=frame.at("size"))


def _is_numbers(value: object, count: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == count
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
    )


def _checkin(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    frame.text("sheet", 12)
    if frame.knows("absent"):
        return _absence(frame, fields)
    frame.integer("officer_id", 1)
    if frame.has("place"):
        parse_place(frame.raw("place"), frame.at("place"))
    if frame.has("late") and frame.raw("late") is not True:
        raise fault("request.wrong_type", field=frame.at("late"))
    frame.close()
    return fields


def _absence(frame: Frame, fields: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """Beside it neither ``officer_id`` nor a place is taken: it says that nobody came."""
    frame.integer("absent", 1)
    reason = frame.text("reason", 10)
    if frame.has("note"):
        _text_up_to(frame, "note", MAX_ABSENCE_NOTE)
    frame.close()
    if reason not in tuple(AbsenceReason):
        raise fault("request.wrong_type", field=frame.at("reason"))
    if reason == AbsenceReason.OTHER and not str(fields.get("note") or "").strip():
        raise fault("request.missing_field", field=frame.at("note"))
    return fields


def _submission(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    day = frame.text("ended_on", 10)
    frame.close()
    try:
        parse_date(day)
    except Fault:
        raise fault("request.wrong_type", field=frame.at("ended_on")) from None
    return fields


def _nothing(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    Frame(fields, path).close()
    return fields


def _return(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    if frame.has("reason"):
        _text_up_to(frame, "reason", MAX_NOTE)
    if frame.has("comments"):
        _comments(frame.plain("comments"), frame.at("comments"))
    frame.close()
    return fields


def _comments(comments: Mapping[str, Plain], path: str) -> None:
    """Item code → what the lead says of it."""
    if len(comments) > MAX_COMMENTS:
        raise fault("request.wrong_type", field=path)
    frame = Frame(comments, path)
    for item in comments:
        _text_up_to(frame, item, MAX_NOTE)


def _entry(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    results = Frame(frame.raw("results"), frame.at("results"))
    for item in frame.plain("results"):
        results.integer(item, 1)
    results.close()
    frame.close()
    return fields


def _loss(fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    frame = Frame(fields, path)
    frame.integer("seq", 1)
    frame.close()
    return fields


def _text_up_to(frame: Frame, name: str, longest: int) -> None:
    value = frame.raw(name)
    if not isinstance(value, str) or len(value) > longest:
        raise fault("request.wrong_type", field=frame.at(name))


SHAPES: Final[Mapping[Kind, Shape]] = {
    Kind.ANSWER_SET: _answer,
    Kind.PHOTO_ATTACH: _nothing,
    Kind.PHOTO_REMOVE: _removal,
    Kind.SIGNATURE_ADD: _signature,
    Kind.CHECKIN_ADD: _checkin,
    Kind.SHEET_SUBMIT: _submission,
    Kind.SHEET_ACCEPT: _nothing,
    Kind.SHEET_RETURN: _return,
    Kind.SHEET_ENTER: _entry,
    Kind.CORRECTION_PROPOSE: _correction,
    Kind.DEVICE_LOST: _loss,
}
