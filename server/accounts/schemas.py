"""JSON shapes of sign-in (docs/protocol 13.2): strict types, unknown fields refused."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.wire import Text


class DeviceSchema(Schema):
    """The phone's own id and a name a person can recognise."""

    id = Text(required=True, validate=validate.Length(1, 40))
    name = Text(load_default="", validate=validate.Length(max=80))


class SignInSchema(Schema):
    """Body of ``POST /api/v1/session``."""

    account = Text(required=True, validate=validate.Length(1, 64))
    password = Text(required=True, validate=validate.Length(1, 200), is_raw=True)
    device = fields.Nested(DeviceSchema, required=True)


class LocaleSchema(Schema):
    """Body of ``PATCH /api/v1/session``."""

    locale = Text(required=True, validate=validate.OneOf(["zh_CN", "en"]))
