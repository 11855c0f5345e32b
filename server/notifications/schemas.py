"""JSON shapes of the phone's inbox and its push subscription (docs/protocol 13.12)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from server.wire import Text


class KeysSchema(Schema):
    """As ``PushSubscription.toJSON()`` has them, base64url."""

    p256dh = Text(required=True, validate=validate.Length(1, 120))
    auth = Text(required=True, validate=validate.Length(1, 40))


class SubscriptionSchema(Schema):
    """Body of ``PUT /api/v1/push-subscription``."""

    endpoint = Text(required=True, validate=validate.Length(1, 500))
    keys = fields.Nested(KeysSchema, required=True)


class EndpointSchema(Schema):
    """Body of ``DELETE /api/v1/push-subscription``."""

    endpoint = Text(required=True, validate=validate.Length(1, 500))


class ReadSchema(Schema):
    """Body of ``POST /api/v1/inbox/read``: ``until`` and ``shown`` of the list that
    was read; a phone of before has no ``shown``."""

    until = fields.AwareDateTime(required=True)
    shown = Text(validate=validate.Regexp(r"[0-9]{1,10}\.[0-9]{1,10}\Z"))
