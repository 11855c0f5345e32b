"""The short way for what nearly every operation of a push is: an answer in which nothing is odd.

Reading it field by field through a ``Frame`` takes longer than judging it. Here it is taken only
when it is right beyond doubt; whatever else it may be, ``parse_operation`` says so in its words.
``tests/unit/sync/test_plain_answer.py`` holds the two against each other.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from sync.canonical import MAX_SAFE_INTEGER
from sync.messages.field_shapes import MAX_NOTE, VERDICTS
from sync.operation import Kind, Operation
from sync.version import OP_VERSION

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_HEAD: Final = re.compile(r"[\x20-\x7e]{1,36}").fullmatch
_KIND: Final = Kind.ANSWER_SET
_NAME: Final = _KIND.value
_MOST_HEADS: Final = 64


def _is_text(longest: int) -> Callable[[object], bool]:
    return lambda value: type(value) is str and 0 < len(value) <= longest


def _is_text_or_none(longest: int) -> Callable[[object], bool]:
    return lambda value: value is None or (type(value) is str and 0 < len(value) <= longest)


def _is_fields(value: object) -> bool:
    if type(value) is not dict:
        return False
    for name, one in value.items():
        if name == "note":
            fits = one is None or (type(one) is str and len(one) <= MAX_NOTE)
        elif name == "value":
            fits = one is None or type(one) is str or type(one) is bool
        elif name == "outcome":
            fits = one is None
        elif name == "by_rest":
            fits = one is None or one is True
        else:
            fits = name == "verdict" and (one is None or type(one) is str) and one in VERDICTS
        if not fits:
            return False
    return True


def _is_heads(value: object) -> bool:
    if type(value) is not dict or len(value) > _MOST_HEADS:
        return False
    return all(head is None or (type(head) is str and _HEAD(head)) for head in value.values())


_FITS: Final[Mapping[str, Callable[[object], object]]] = {
    "op": lambda value: type(value) is str and _UUID(value),
    "seq": lambda value: type(value) is int and 0 < value <= MAX_SAFE_INTEGER,
    "kind": lambda value: value == _NAME,
    "v": lambda value: type(value) is int and value == OP_VERSION,
    "space": _is_text(60),
    "entity": _is_text(120),
    "at": _is_text(40),
    "fields": _is_fields,
    "base": _is_heads,
    "group": _is_text_or_none(64),
    "session": _is_text_or_none(64),
    "prev": _is_text_or_none(64),
    "mono_ms": lambda value: value is None or type(value) is float or type(value) is int,
}
_NEEDED: Final = frozenset({"op", "seq", "kind", "v", "space", "entity", "at", "fields", "base"})


def read_plain_answer(sent: object) -> Operation | None:
    """The operation, of JSON whose texts are known to be clean (``canonical.dump_clean``); None
    where ``parse_operation`` has to look."""
    if type(sent) is not dict or not sent.keys() >= _NEEDED:
        return None
    for name, value in sent.items():
        fits = _FITS.get(name)
        if fits is None or not fits(value):
            return None
    fields, base = sent["fields"], sent["base"]
    if not base.keys() >= fields.keys():
        return None
    return Operation(
        op=sent["op"],
        seq=sent["seq"],
        kind=_KIND,
        space=sent["space"],
        entity=sent["entity"],
        at=sent["at"],
        fields=fields,
        base=base,
        group=sent.get("group"),
    )
