"""Sends a photo's bytes in one chunk, with a session or with a push-only credential."""

from __future__ import annotations

import base64
from typing import Any

from tests.integration.fieldsync.phone import Answer, Phone


def send_photo(phone: Phone, op: Answer, data: bytes, credential: str | None = None) -> Any:
    """The response to the last request made."""
    client = phone.client if credential is None else phone.app.test_client()
    keys = {"sha256": op["photo"]["sha256"], "op": op["op"]}
    headers = {
        "Tus-Resumable": "1.0.0",
        "X-CSRF-Token": phone.csrf,
        "Upload-Length": str(len(data)),
        "Upload-Metadata": ",".join(
            f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in keys.items()
        ),
    }
    if credential is not None:
        del headers["X-CSRF-Token"]
        headers["Authorization"] = f"SuichaPush {credential}"
    made = client.post("/api/v1/files", headers=headers)
    if made.status_code != 201:
        return made
    headers |= {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    return client.patch(made.headers["Location"], data=data, headers=headers)
