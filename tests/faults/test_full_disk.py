"""The disk takes no more in the middle of a chunk (F30): the kernel refuses the write for real."""

from __future__ import annotations

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.servers import Running
from tests.faults.test_tus_client import declare_all, make_photo, stored
from tests.integration.fieldsync.test_files import code_of, create, head, patch

MIB = 1024 * 1024
ALONG = {"Content-Type": "application/offset+octet-stream"}


@pytest.mark.proves("I18 I19 I25", "F30")
def test_full_disk_keeps_the_offset_and_the_phone_continues_when_there_is_room(
    server: Running,
) -> None:
    wang, data = server.phone("wang"), make_photo(3 * 1024)
    (op,) = declare_all(wang, [data])
    url = create(wang, op, len(data)).headers["Location"]
    assert patch(wang, url, 0, data[:MIB]).status_code == 204
    _, most = resource.prlimit(server.worker, resource.RLIMIT_FSIZE)
    # no file of the process grows beyond 2 MiB: the write fails half way, as on a full disk
    resource.prlimit(server.worker, resource.RLIMIT_FSIZE, (2 * MIB, most))
    try:
        answer = patch(wang, url, MIB, data[MIB:])
        assert (answer.status_code, code_of(answer)) == (507, "upload.no_space")
        assert head(wang, url).headers["Upload-Offset"] == str(MIB)
        part = server.county.home / "blobs/uploads" / url.rsplit("/", 1)[1]
        assert part.stat().st_size == MIB  # what was half written gave its room back
        (small,) = declare_all(wang, [photo := make_photo(100)])
        other = create(wang, small, len(photo)).headers["Location"]
        assert patch(wang, other, 0, photo).status_code == 204  # others are not held up
    finally:
        resource.prlimit(server.worker, resource.RLIMIT_FSIZE, (most, most))
    assert patch(wang, url, MIB, data[MIB:]).status_code == 204
    assert stored(server, data)


@pytest.mark.proves("I18", "F30")
def test_full_disk_takes_nothing_of_a_photo_that_came_with_its_creation(server: Running) -> None:
    wang, data = server.phone("wang"), make_photo(3 * 1024)
    (op,) = declare_all(wang, [data])
    uploads = server.county.home / "blobs/uploads"
    before = set(uploads.glob("*"))
    _, most = resource.prlimit(server.worker, resource.RLIMIT_FSIZE)
    resource.prlimit(server.worker, resource.RLIMIT_FSIZE, (2 * MIB, most))
    try:
        answer = create(wang, op, len(data), data=data, **ALONG)
        assert (answer.status_code, code_of(answer)) == (507, "upload.no_space")
        assert set(uploads.glob("*")) == before and not stored(server, data)
    finally:
        resource.prlimit(server.worker, resource.RLIMIT_FSIZE, (most, most))
    assert create(wang, op, len(data), data=data, **ALONG).status_code == 201
    assert stored(server, data)


def test_memory_does_not_grow_with_the_photos_that_stream_through(server: Running) -> None:
    photos = [make_photo(1024) for _ in range(50)]
    wang = server.phone("wang")
    ops = declare_all(wang, photos)
    phones = [server.phone("wang", wang.device) for _ in range(4)]

    def send(lane: int, numbers: range) -> None:
        for n in numbers:
            if n % 4 == lane:
                phone, photo = phones[lane], photos[n]
                if n % 8 < 4:
                    url = create(phone, ops[n], len(photo)).headers["Location"]
                    assert patch(phone, url, 0, photo).status_code == 204
                else:
                    answer = create(phone, ops[n], len(photo), data=photo, **ALONG)
                    assert answer.headers["Upload-Offset"] == str(len(photo))

    peaks = []
    for numbers in (range(10), range(10, 50)):
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(send, lane, numbers) for lane in range(4)]:
                done.result()
        peaks.append(peak_bytes(server.worker))
    assert peaks[1] - peaks[0] < 8 * MIB, peaks


def peak_bytes(process: int) -> int:
    """The most memory the process ever had."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")
