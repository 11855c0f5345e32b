"""JSON shapes of correction orders (docs/protocol 13.10): strict types, unknown fields refused."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from domain.errors import Fault
from domain.signatures import Signature
from server.corrections.signing import read_signature
from server.wire import Text

MAX_HEADS = 500


class Heads(fields.Field):
    """Field → head as shown to the decider, null where nobody wrote it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict) or len(value) > MAX_HEADS:
            raise ValidationError("not a map of heads")
        if not all(head is None or isinstance(head, str) for head in value.values()):
            raise ValidationError("a head is a text or null")
        return value


class SubmitSchema(Schema):
    """``result`` is the item's national code 1–8 where it changes too. How long a reason may be is
    the use case's to say, with the same words on a page."""

    reason = Text(required=True)
    result = fields.Integer(strict=True, load_default=None, validate=validate.Range(1, 8))


class DropSchema(Schema):
    """Nothing to say."""


class Drawn(fields.Field):
    """A signature as a phone sends one: ``{"strokes","size"}``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return read_signature(value)
        except Fault as refused:
            raise ValidationError(f"not a signature: {refused.details.get('field')}") from None


class EndorseSchema(Schema):
    """The password again, what was seen, and the signature; whether there must be one is the use
    case's to say, with the same words on a page."""

    password = Text(required=True, validate=validate.Length(1, 200), is_raw=True)
    against = Heads(required=True)
    signature = Drawn(load_default=Signature)


class DecideSchema(EndorseSchema):
    """Approval and refusal say why."""

    reason = Text(required=True)
