"""Reading JSON bodies strictly: marshmallow 4 alone would take ``'5'`` for a number and let NUL
through, which PostgreSQL then refuses with a 500 (STACK §1)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask import request
from marshmallow import RAISE, Schema, ValidationError, fields
from werkzeug.exceptions import BadRequest, ClientDisconnected, UnsupportedMediaType

from domain.errors import fault

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNKNOWN = "Unknown field."
_MISSING = "Missing data for required field."


class Text(fields.String):
    """A string in NFC without control characters; ``is_raw`` leaves it as typed (passwords)."""

    def __init__(self, *, is_raw: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_raw = is_raw

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _CONTROL.search(text):
            raise ValidationError("control character or half a surrogate pair")
        return text if self.is_raw else unicodedata.normalize("NFC", text)


def read_json(schema: Schema) -> dict[str, Any]:
    """The request's body as the schema loads it.

    Raises ``request.wrong_media_type`` or ``request.not_json``, and ``request.unknown_field``,
    ``request.missing_field`` or ``request.wrong_type`` with the dotted path of the first culprit.
    """
    try:
        body = request.get_json()
    except UnsupportedMediaType as error:
        raise fault("request.wrong_media_type") from error
    except ClientDisconnected:
        raise  # half a body is no bad JSON: ``errors`` tells silence from an end
    except BadRequest as error:
        raise fault("request.not_json") from error
    if not isinstance(body, dict):
        raise fault("request.not_json")
    try:
        loaded: dict[str, Any] = schema.load(body, unknown=RAISE)
    except ValidationError as error:
        path, reason = _first(error.normalized_messages())
        if reason == _UNKNOWN:
            raise fault("request.unknown_field", field=path) from error
        if reason == _MISSING:
            raise fault("request.missing_field", field=path) from error
        raise fault("request.wrong_type", field=path, expected="") from error
    return loaded


def _first(messages: Any, path: str = "") -> tuple[str, str]:
    if isinstance(messages, dict):
        key, value = next(iter(messages.items()))
        return _first(value, f"{path}.{key}" if path else str(key))
    if isinstance(messages, list):
        return _first(messages[0], path)
    return path.removesuffix("._schema"), str(messages)
