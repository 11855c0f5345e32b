"""The operation's envelope as it travels, and the fields each kind may carry (protocol 13.3)."""

from collections.abc import Mapping
from typing import Final

from domain.errors import fault
from sync.canonical import Plain, parse_string
from sync.messages.field_shapes import SHAPES
from sync.messages.frame import Frame, parse_heads
from sync.messages.photo import parse_photo_claim
from sync.operation import Kind, Operation
from sync.version import OP_VERSION

MAX_SEEN: Final = 2000
_KINDS: Final = {kind.value: kind for kind in Kind}


def parse_identity(value: object, path: str) -> tuple[str, int]:
    """(op, seq): without these two nothing can be receipted, so their absence refuses the request.
    Raises ``request.*``."""
    frame = Frame(value, path)
    return frame.uuid("op"), frame.integer("seq", 1)


def parse_operation(value: object, path: str, *, is_clean: bool = False) -> Operation:
    """The whole operation; ``is_clean`` as for a frame. Raises ``request.*``, ``op.unknown_kind``
    or ``op.fraction``; the host keeps the payload and answers ``invalid``, so that one bad
    operation wedges no queue (I12)."""
    frame = Frame(value, path, is_clean=is_clean)
    op, seq = frame.uuid("op"), frame.integer("seq", 1)
    kind = _kind(frame)
    fields = frame.plain("fields")
    operation = Operation(
        op=op,
        seq=seq,
        kind=kind,
        space=frame.text("space", 60),
        entity=frame.text("entity", 120),
        at=frame.text("at", 40),
        fields=_checked(kind, fields, frame.at("fields")),
        base=frame.heads("base"),
        photo=parse_photo_claim(frame.raw("photo"), frame.at("photo"))
        if kind is Kind.PHOTO_ATTACH
        else None,
        seen=_seen(frame) if kind is Kind.SHEET_ENTER else {},
        digest=frame.sha256("digest") if kind is Kind.SHEET_ENTER else None,
        resolves=frame.uuids("resolves") if kind is Kind.ANSWER_SET else (),
        group=frame.text_or_none("group", 64),
    )
    frame.number_or_none("mono_ms")
    frame.text_or_none("session", 64)
    frame.text_or_none("prev", 64)
    frame.close()
    _check_base(operation, frame.at("base"))
    return operation


def _kind(frame: Frame) -> Kind:
    name, version = frame.text("kind", 40), frame.integer("v", 1)
    if name not in _KINDS or version != OP_VERSION:
        raise fault("op.unknown_kind", kind=name, v=version)
    return _KINDS[name]


def _checked(kind: Kind, fields: Mapping[str, Plain], path: str) -> Mapping[str, Plain]:
    return SHAPES[kind](fields, path)


def _seen(frame: Frame) -> dict[str, dict[str, str | None]]:
    seen = frame.raw("seen")
    if not isinstance(seen, Mapping) or len(seen) > MAX_SEEN:
        raise fault("request.wrong_type", field=frame.at("seen"))
    return {
        parse_string(entity, frame.at("seen")): parse_heads(heads, f"{frame.at('seen')}.{entity}")
        for entity, heads in seen.items()
    }


def _check_base(operation: Operation, path: str) -> None:
    """Each field an answer sends says what it replaces: without it the loser could vanish (I8)."""
    if operation.kind is not Kind.ANSWER_SET:
        return
    for name in operation.fields:
        if name not in operation.base:
            raise fault("request.missing_field", field=f"{path}.{name}")
