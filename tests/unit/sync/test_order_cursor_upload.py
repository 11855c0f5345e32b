"""Turns, pages and transfers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.cursor import Mark, cut_page, digest_space, move_digest, start_of
from sync.order import Known, Turn, find_turn, takes_place
from sync.upload import Transfer, UploadState, advance, check_chunk, resume

KNOWN = Known("h", 8, is_held=False)


@pytest.mark.parametrize(
    ("seq", "last", "payload", "person", "known", "turn"),
    [
        (1, 0, "h", 8, None, Turn.NEXT),
        (3, 1, "h", 8, None, Turn.GAP),
        (1, 1, "h", 8, None, Turn.FORK),
        (1, 1, "h", 8, KNOWN, Turn.REPLAY),
        (2, 1, "h", 8, KNOWN, Turn.REPLAY),
        (1, 1, "other", 8, KNOWN, Turn.REUSE),
        (1, 1, "h", 9, KNOWN, Turn.REUSE),
        (5, 1, "h", 8, Known("h", 8, is_held=True), Turn.HELD),
    ],
)
def test_turn(
    seq: int, last: int, payload: str, person: int, known: Known | None, turn: Turn
) -> None:
    assert find_turn(seq, last, payload, person, known) is turn
    assert takes_place(seq, last) is (seq == last + 1)


@dataclass(frozen=True)
class Numbered:
    seq: int
    name: str


@given(
    st.lists(st.integers(1, 5), min_size=0, max_size=12),
    st.integers(1, 7),
)
def test_pages_never_split_an_operation_and_lose_nothing(groups: list[int], limit: int) -> None:
    rows = [Numbered(seq, f"{seq}/{n}") for seq, size in enumerate(groups, 1) for n in range(size)]
    read: list[Numbered] = []
    cursor = 0
    while True:
        page, has_more = cut_page([row for row in rows if row.seq > cursor], limit)
        read += page
        if not has_more:
            break
        assert page, "a page with more behind it always moves on"
        cursor = page[-1].seq
    assert read == rows


def test_digest_is_the_sum_of_hashes_and_ignores_order() -> None:
    marks = [Mark("answer", "answer:tr/PAX-03", 872), Mark("photo", "photo:77ab", 869)]
    total = sum(
        int.from_bytes(hashlib.sha256(f"{m.type}\x1f{m.id}\x1f{m.seq}".encode()).digest()[:8])
        for m in marks
    )
    assert digest_space(marks) == f"{total % 2**64:016x}" == digest_space(marks[::-1])
    assert digest_space([]) == "0" * 16
    assert digest_space(marks) != digest_space(marks[:1])


@pytest.mark.parametrize(
    ("cursor", "counter", "same", "start"),
    [(5, 9, True, 5), (9, 9, True, 9), (10, 9, True, 0), (5, 9, False, 0), (0, 0, True, 0)],
)
def test_phone_with_another_history_starts_again(
    cursor: int, counter: int, same: bool, start: int
) -> None:
    assert start_of(cursor, counter, same) == start


def _why(transfer: Transfer, offset: int, size: int, expired: bool = False) -> str | None:
    refused = check_chunk(transfer, offset, size, expired)
    return refused.code if refused else None


def test_chunk_is_taken_only_at_the_offset_and_within_the_length() -> None:
    half = Transfer(length=100, offset=50)
    assert _why(half, 50, 50) is None
    assert _why(half, 49, 1) == _why(half, 51, 1) == _why(half, 50, 51) == "upload.offset"
    assert _why(half, 50, 1, expired=True) == "upload.expired"
    assert _why(Transfer(100, 100, UploadState.COMPLETE), 100, 0) == "upload.already_complete"
    assert _why(Transfer(100, 50, UploadState.DISCARDED), 50, 1) == "upload.not_found"


@pytest.mark.proves("I19", "F4 F5")
@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 60)), max_size=30))
def test_offset_never_falls_and_never_exceeds_the_length(chunks: list[tuple[int, int]]) -> None:
    transfer = Transfer(length=100, offset=0)
    for offset, size in chunks:
        if check_chunk(transfer, offset, size, False) is None:
            after = advance(transfer, size)
            assert transfer.offset <= after.offset <= after.length
            transfer = after
    assert transfer.is_whole == (transfer.offset == 100)


def test_transfer_starts_over_when_the_disk_lost_bytes() -> None:
    assert resume(Transfer(100, 50), on_disk=49) is None
    assert resume(Transfer(100, 50), on_disk=70) == Transfer(100, 50)
    with pytest.raises(ValueError, match="more bytes"):
        advance(Transfer(100, 90), 11)


MARKS = st.builds(
    Mark, st.sampled_from(["answer", "photo"]), st.sampled_from("abcdef"), st.integers(1, 99)
)


@given(st.lists(MARKS))
def test_digest_moved_write_by_write_is_the_digest_over_all_rows(writes: list[Mark]) -> None:
    rows: dict[str, Mark] = {}
    digest = digest_space([])
    for mark in writes:
        digest = move_digest(digest, rows.get(mark.id), mark)
        rows[mark.id] = mark
    assert digest == digest_space(rows.values())
