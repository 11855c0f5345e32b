"""Files of unsent work as a phone writes them, and as somebody else might."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Sequence

from tests.integration.fieldsync.phone import Answer, Phone


def make_file(
    phone: Phone,
    ops: Sequence[Answer],
    photos: Sequence[bytes] = (),
    *,
    credential: str | None = None,
    compression: int = zipfile.ZIP_STORED,
    more: Sequence[tuple[str, bytes]] = (),
    outside: Answer | None = None,
) -> io.BytesIO:
    """A ZIP of docs/protocol 13.8; ``more`` are further entries, ``outside``
    changes of the manifest (empty: left out)."""
    raw = json.dumps(list(ops), ensure_ascii=False).encode()
    key = hashlib.sha256((credential or phone.credential).encode()).hexdigest()
    written = {
        "format": "suicha-unsent/1",
        "device": phone.device,
        "account": phone.name,
        "epoch": phone.epoch,
        "made_at": "2026-03-04T18:00:00.000+08:00",
        "app": "0.9.0",
        "ops": len(ops),
        "photos": len(photos) + sum(name.startswith("photos/") for name, _ in more),
        "ops_sha256": hashlib.sha256(raw).hexdigest(),
        "mac": hmac.new(key.encode(), raw, hashlib.sha256).hexdigest(),
        **(outside or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("manifest.json", json.dumps({k: v for k, v in written.items() if v != ""}))
        archive.writestr("ops.json", raw)
        for data in photos:
            archive.writestr(f"photos/{hashlib.sha256(data).hexdigest()}", data)
        for name, data in more:
            archive.writestr(name, data)
    file.seek(0)
    return file
