"""What tus 1.0 asks of every answer, from a real server process."""

from __future__ import annotations

import pytest

from tests.faults.servers import Running
from tests.faults.test_tus_client import declare_all, make_photo
from tests.integration.fieldsync.test_files import TUS, create, head, patch


def test_options_tells_what_the_server_can_do(server: Running) -> None:
    answer = server.phone("wang").client.options("/api/v1/files")
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in answer.headers if name.startswith("Tus-")} == {
        "Tus-Resumable": "1.0.0",
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,creation-with-upload,checksum,expiration,termination",
        "Tus-Max-Size": str(20 * 1024 * 1024),
        "Tus-Checksum-Algorithm": "sha256",
    }


def test_every_refusal_is_a_tus_answer(server: Running) -> None:
    wang, data = server.phone("wang"), make_photo(50)
    (op,) = declare_all(wang, [data])
    url = create(wang, op, len(data)).headers["Location"]
    stranger = server.phone("wang")
    stranger.client.cookie = None  # type: ignore[attr-defined]
    answers = [
        (head(stranger, url), 401),
        (head(wang, f"{url}x"), 404),
        (patch(wang, url, 7, data), 409),
        (patch(wang, url, 0, data, **{"Tus-Resumable": "0.2.1"}), 412),
        (patch(wang, url, 0, data, **{"Content-Type": "image/jpeg"}), 415),
        (patch(wang, url, 0, data, **{"X-CSRF-Token": "none"}), 400),
        (wang.client.get("/api/v1/files"), 405),
    ]
    for answer, status in answers:
        assert answer.status_code == status, answer.data
        assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answers[3][0].headers["Tus-Version"] == "1.0.0"
    told = head(wang, url)
    assert told.headers["Upload-Offset"] == "0" and told.headers["Cache-Control"] == "no-store"


@pytest.mark.proves("I19", "F11")
def test_chunk_larger_than_any_photo_is_413_and_other_bodies_have_their_own_limit(
    server: Running,
) -> None:
    wang, data = server.phone("wang"), make_photo(50)
    (op,) = declare_all(wang, [data])
    url = create(wang, op, len(data)).headers["Location"]
    told = {**TUS, "X-CSRF-Token": wang.csrf, "Content-Type": "application/offset+octet-stream"}
    answer = wang.client.request(  # type: ignore[attr-defined]
        "PATCH", url, b"\0" * (20 * 1024 * 1024 + 1), {**told, "Upload-Offset": "0"}
    )
    assert answer.status_code == 413 and answer.get_json()["error"]["code"] == "request.too_large"
    assert head(wang, url).headers["Upload-Offset"] == "0"
    wang.set("PAX-03", {"value": "长" * 1_000_000})
    answer = wang.push()
    assert answer.status_code == 413 and answer.get_json()["error"]["code"] == "request.too_large"
