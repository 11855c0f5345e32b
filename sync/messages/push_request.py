"""``POST /api/v1/sync/push``: operations of one device (docs/protocol part 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.errors import Fault, Refused, fault
from sync.canonical import (
    MAX_SAFE_INTEGER,
    Encode,
    dump_as_sent,
    dump_canonical,
    dump_clean,
    encode,
    hash_text,
)
from sync.messages.frame import Frame
from sync.messages.heartbeat import Heartbeat, parse_heartbeat
from sync.messages.operation import parse_identity, parse_operation
from sync.messages.plain_answer import read_plain_answer
from sync.operation import Operation

MAX_OPS: Final = 200
# A renamed phone numbers its operations anew and chains them anew; they stay the same operations.
# ``mono_ms`` may be a fraction, which has no canonical form: it is kept beside the payload.
UNHASHED: Final = frozenset({"seq", "prev", "mono_ms"})
_LINK: Final = re.compile(r"[\x20-\x7e]{1,64}")


@dataclass(frozen=True, slots=True)
class Offer:
    """One operation as offered: readable or not, it gets a receipt. ``sent`` is the JSON object;
    ``payload`` its text without ``seq``, ``prev`` and ``mono_ms``, ``payload_sha256`` the text's
    hash. ``prev`` and ``mono_ms`` are None where absent or unreadable."""

    op: str
    seq: int
    sent: Mapping[str, Any]
    read: Operation | Refused
    payload: str
    payload_sha256: str
    prev: str | None = None
    mono_ms: float | None = None

    @property
    def space(self) -> str:
        return self.read.space if isinstance(self.read, Operation) else ""

    @property
    def kind(self) -> str:
        return str(self.read.kind) if isinstance(self.read, Operation) else "unreadable"


@dataclass(frozen=True, slots=True)
class PushRequest:
    """A batch; ``sent_at`` and ``mono_ms`` bracket the phone's clock and decide nothing (I22).
    ``sent_at`` is None for what the phone did not send itself (a file)."""

    proto: int
    app: str
    schema: int
    device: str
    epoch: str
    session: str | None
    sent_at: str | None
    mono_ms: float | None
    ops: tuple[Offer, ...]
    heartbeat: Heartbeat | None = None


def parse_push_request(body: object, encode: Encode = encode) -> PushRequest:
    """``encode`` as for ``dump_clean``. Raises ``request.*`` or ``sync.too_many_ops``; a batch is
    refused whole only when something in it cannot even be receipted."""
    frame = Frame(body)
    if not isinstance(frame.raw("ops"), list):
        raise fault("request.wrong_type", field="ops")
    sent = frame.items("ops", 1_000_000)
    if len(sent) > MAX_OPS:
        raise fault("sync.too_many_ops", max=MAX_OPS)
    request = PushRequest(
        proto=frame.integer("proto", 1),
        app=frame.text("app", 40),
        schema=frame.integer("schema", 1),
        device=frame.text("device", 40),
        epoch=frame.text("epoch", 40),
        session=frame.text_or_none("session", 64),
        sent_at=frame.text("sent_at", 40),
        mono_ms=frame.number_or_none("mono_ms"),
        ops=tuple(build_offer(one, f"ops[{at}]", encode) for at, one in enumerate(sent)),
        heartbeat=parse_heartbeat(frame.raw("heartbeat"), "heartbeat")
        if frame.has("heartbeat")
        else None,
    )
    frame.close()
    return request


def build_offer(sent: object, path: str, encode: Encode = encode) -> Offer:
    """Reads one operation. Raises ``request.*`` only when its id or number is unreadable."""
    swift = read_plain_answer(sent)
    op, seq = (swift.op, swift.seq) if swift is not None else parse_identity(sent, path)
    assert isinstance(sent, Mapping)
    rest = {name: value for name, value in sent.items() if name not in UNHASHED}
    prev = _prev(sent.get("prev"))
    clean = dump_clean(rest, encode) if prev is not None or sent.get("prev") is None else None
    read: Operation | Refused
    if swift is not None and clean is not None:
        read = swift
    else:
        read = _read(sent, path, is_clean=clean is not None)
    payload = clean if isinstance(read, Operation) and clean else _dump_payload(rest)
    return Offer(
        op,
        seq,
        sent,
        read,
        payload,
        hash_text(payload),
        prev=prev,
        mono_ms=_mono_ms(sent.get("mono_ms")),
    )


def _read(sent: object, path: str, *, is_clean: bool) -> Operation | Refused:
    try:
        return parse_operation(sent, path, is_clean=is_clean)
    except Fault as error:
        return Refused(error.code, error.details)


def _prev(value: object) -> str | None:
    return value if isinstance(value, str) and _LINK.fullmatch(value) else None


def _mono_ms(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= MAX_SAFE_INTEGER else None


def _dump_payload(sent: Mapping[str, Any]) -> str:
    try:
        text = dump_canonical(sent)
        text.encode()
    except (TypeError, UnicodeEncodeError):
        return dump_as_sent(sent)
    return text
