"""What stands for a file that came with a refused form: its hash and name, under a seal only this
server can make, for the person who sent it alone."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app

from domain.access import Actor
from server.fieldsync.files.documents import Document, find_kept_document


def make_voucher(actor: Actor, purpose: str, sha256: str, name: str) -> str:
    """``<hash>.<seal>.<name>``; one of another ``purpose`` is not taken."""
    key = current_app.secret_key
    assert key, "the application has one"
    secret = key if isinstance(key, bytes) else key.encode()
    told = f"{purpose}|{actor.jurisdiction_id}|{actor.person_id}|{sha256}|{name}"
    return f"{sha256}.{hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()}.{name}"


def redeem_voucher(actor: Actor, purpose: str, voucher: str) -> tuple[Document, str] | None:
    """The document and its name; None for what is no voucher of this person's, or whose bytes are
    gone."""
    sha256, _dot, rest = voucher.partition(".")
    _seal, _dot, name = rest.partition(".")
    made = make_voucher(actor, purpose, sha256, name)
    if not hmac.compare_digest(voucher.encode(), made.encode()):
        return None
    document = find_kept_document(sha256)
    return (document, name) if document is not None else None
