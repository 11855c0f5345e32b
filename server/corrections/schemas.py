"""JSON shapes of correction orders (docs/protocol 13.10): strict types, unknown fields refused."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from server.wire import Text

MAX_HEADS = 20


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


class EndorseSchema(Schema):
    """The password again, and what was seen."""

    password = Text(required=True, validate=validate.Length(1, 200), is_raw=True)
    against = Heads(required=True)


class DecideSchema(EndorseSchema):
    """Approval and refusal say why."""

    reason = Text(required=True)
