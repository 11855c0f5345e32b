"""The official tus client, in Node, against a real server process: whoever speaks tus 1.0 may
send photos (PROTOCOL §7)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Blob, Entity, Upload
from tests.conftest import ROOT
from tests.faults.servers import Running
from tests.integration.fieldsync.day import attach
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.test_files import head

NODE = Path(sys.executable).parent / "node"
CHUNK = 64 * 1024


def make_photo(kilobytes: int) -> bytes:
    """A picture of about that size, never the same twice."""
    side = int((kilobytes * 1024 / 1.7) ** 0.5)
    out = BytesIO()
    noise = Image.frombytes("L", (side, side), os.urandom(side * side))
    noise.save(out, "JPEG", quality=98)
    return out.getvalue()


def declare_all(phone: Phone, photos: list[bytes]) -> list[Answer]:
    ops = [attach(phone, "PAX-01", data) for data in photos]
    for start in range(0, len(ops), 25):
        told = phone.results(ops[start : start + 25])
        assert {one["status"] for one in told} == {"applied"}
    return ops


def run_client(
    server: Running, phone: Phone, folder: Path, job: str, ops: list[Answer], photos: list[bytes],
    **more: Any,
) -> Any:  # fmt: skip
    """One run of the client with its own store of addresses; what it said at its end."""
    task = {
        "job": job,
        "folder": str(folder),
        "endpoint": f"http://127.0.0.1:{server.port}/api/v1/files",
        "headers": {"Cookie": phone.client.cookie, "X-CSRF-Token": phone.csrf},  # type: ignore[attr-defined]
        "photos": [
            {
                "sha256": hashlib.sha256(data).hexdigest(),
                "op": op["op"],
                "base64": base64.b64encode(data).decode(),
            }
            for op, data in zip(ops, photos, strict=True)
        ],
        **more,
    }
    done = subprocess.run(
        [NODE, ROOT / "tests/faults/tus-client.mjs", ROOT / "pwa/package.json"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def stored(server: Running, data: bytes) -> bool:
    """On record, on disk with the right hash, and told to phones."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = server.county.home / "blobs" / sha256[:2] / sha256
    with server.county.looking():
        blob = db.session.scalar(select(Blob).where(Blob.sha256 == sha256))
        row = db.session.scalar(select(Entity).where(Entity.id == f"photo:{sha256}"))
        is_told = row is not None and row.fields["stored"] is True
    is_on_disk = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    assert is_told == is_on_disk == (blob is not None)
    return is_told


@pytest.mark.proves("I18 I19", "F1 F12")
def test_client_killed_half_way_finishes_from_the_address_it_kept(
    server: Running, tmp_path: Path
) -> None:
    wang, data = server.phone("wang"), make_photo(300)
    ops = declare_all(wang, [data])
    told = run_client(server, wang, tmp_path, "cut", ops, [data], chunk=CHUNK)
    assert told["stored"] is True and 2 * told["accepted"] >= told["total"] == len(data)
    assert told["accepted"] < told["total"] and not stored(server, data)
    told = run_client(server, wang, tmp_path, "send", ops, [data], chunk=CHUNK)
    assert told["error"] is None and told["resumed"] == 1
    methods = [method for method, _, _ in told["answers"]]
    assert methods[0] == "HEAD" and "POST" not in methods
    assert methods.count("PATCH") == -(-(len(data) - int(told["answers"][0][2])) // CHUNK)
    assert stored(server, data)


@pytest.mark.proves("I18", "F27")
def test_client_sends_small_photos_with_their_creation_four_at_once(
    server: Running, tmp_path: Path
) -> None:
    wang, photos = server.phone("wang"), [make_photo(120) for _ in range(12)]
    ops = declare_all(wang, photos)
    told = run_client(server, wang, tmp_path, "many", ops, photos, along=True)
    assert told["error"] is None
    sizes = sorted(str(len(data)) for data in photos)
    assert sorted(offset for _, _, offset in told["answers"]) == sizes
    assert {(method, status) for method, status, _ in told["answers"]} == {("POST", 201)}
    assert all(stored(server, data) for data in photos)


@pytest.mark.proves("I18 I19", "F1 F12")
def test_client_that_sent_the_first_chunk_with_its_creation_and_was_killed_finishes(
    server: Running, tmp_path: Path
) -> None:
    wang, data = server.phone("wang"), make_photo(300)
    ops, more = declare_all(wang, [data]), {"chunk": CHUNK, "along": True}
    told = run_client(server, wang, tmp_path, "cut", ops, [data], **more)
    assert told["answers"][0] == ["POST", 201, str(CHUNK)]
    assert told["accepted"] < told["total"] and not stored(server, data)
    told = run_client(server, wang, tmp_path, "send", ops, [data], **more)
    assert told["error"] is None and told["resumed"] == 1
    assert "POST" not in [method for method, _, _ in told["answers"]]
    assert stored(server, data)


@pytest.mark.proves("I18 I19", "F1")
def test_client_whose_checksums_are_right_is_taken_and_whose_are_wrong_is_told_460(
    server: Running, tmp_path: Path
) -> None:
    wang, data = server.phone("wang"), make_photo(150)
    ops = declare_all(wang, [data])
    more = {"chunk": CHUNK, "checksum": "wrong"}
    told = run_client(server, wang, tmp_path, "send", ops, [data], **more)
    assert told["status"] == 460 and "upload.checksum" in told["body"]
    with server.county.looking():
        upload = db.session.scalars(select(Upload).where(Upload.op == ops[0]["op"])).one()
        assert (upload.offset, upload.state) == (0, "open")
    more = {"chunk": CHUNK, "checksum": "right"}
    told = run_client(server, wang, tmp_path, "send", ops, [data], **more)
    assert told["error"] is None and stored(server, data)


def test_client_ends_its_upload_and_it_is_gone(server: Running, tmp_path: Path) -> None:
    wang, data = server.phone("wang"), make_photo(150)
    ops = declare_all(wang, [data])
    told = run_client(server, wang, tmp_path, "end", ops, [data], chunk=CHUNK)
    assert told["error"] is None and told["answers"][-1][:2] == ["DELETE", 204]
    assert head(wang, told["url"].partition(str(server.port))[2]).status_code == 404
    upload_id = told["url"].rsplit("/", 1)[1]
    assert list((server.county.home / "blobs/uploads").glob(f"{upload_id}*")) == []
    assert not stored(server, data)


@pytest.mark.proves("I18", "F5")
def test_client_whose_upload_expired_makes_a_new_one(server: Running, tmp_path: Path) -> None:
    wang, data = server.phone("wang"), make_photo(150)
    ops = declare_all(wang, [data])
    told = run_client(server, wang, tmp_path, "cut", ops, [data], chunk=CHUNK)
    with server.county.looking():
        db.session.execute(Upload.__table__.update().values(expires_at=Upload.created_at))
        db.session.commit()
    told = run_client(server, wang, tmp_path, "send", ops, [data], chunk=CHUNK)
    assert told["answers"][0][:2] == ["HEAD", 410]
    assert told["answers"][1][:2] == ["POST", 201]
    assert told["error"] is None and stored(server, data)


@pytest.mark.proves("I18 I19", "F27")
def test_fifty_photos_four_at_once_arrive_whole(server: Running, tmp_path: Path) -> None:
    wang, photos = server.phone("wang"), [make_photo(300) for _ in range(50)]
    told = run_client(server, wang, tmp_path, "many", declare_all(wang, photos), photos)
    assert told["error"] is None
    assert all(stored(server, data) for data in photos)
    assert {status for _, status, _ in told["answers"]} <= {201, 204, 200}
