"""What holds for every merge, order and upload, whatever the values."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from sync.merge import merge_fields
from sync.order import Known, Turn, find_turn, takes_place
from sync.rows import Author, Row, Sibling
from sync.upload import Transfer, advance, check_chunk, resume

NAMES = ("value", "note", "verdict")
values = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b"]))
heads = st.one_of(st.none(), st.sampled_from(["h1", "h2", "h3"]))
rows = st.builds(
    lambda fields, tops: Row("answer", "answer:tr/A", fields, {k: v for k, v in tops.items() if v}),
    st.dictionaries(st.sampled_from(NAMES), values),
    st.dictionaries(st.sampled_from(NAMES), heads),
)
edits = st.dictionaries(st.sampled_from(NAMES), st.tuples(values, heads), min_size=1)
Edit = dict[str, tuple[object, str | None]]


def apply_edit(row: Row, op: str, edit: Edit, is_frozen: bool = False) -> Row:
    fields = {name: value for name, (value, _) in edit.items()}
    base = {name: head for name, (_, head) in edit.items()}
    loser = Sibling(op, Author(8, "王检查"), "t", {})
    return merge_fields(row, fields, base, loser, is_frozen=is_frozen).row  # type: ignore[arg-type]


def unordered(row: Row) -> Row:
    return replace(row, siblings=tuple(sorted(row.siblings, key=lambda one: one.op)))


@given(rows, edits, edits)
def test_edits_of_different_fields_end_alike_in_either_order(
    row: Row, one: Edit, two: Edit
) -> None:
    two = {name: edit for name, edit in two.items() if name not in one}
    if not two:
        return
    first = apply_edit(apply_edit(row, "x", one), "y", two)
    second = apply_edit(apply_edit(row, "y", two), "x", one)
    assert unordered(first) == unordered(second)


@pytest.mark.proves("I8", "F5 F16 F22")
@given(rows, edits, st.booleans())
def test_no_head_is_replaced_that_its_author_had_not_seen(
    row: Row, edit: Edit, is_frozen: bool
) -> None:
    merged = apply_edit(row, "x", edit, is_frozen)
    for name, (value, base) in edit.items():
        if merged.heads.get(name) != row.heads.get(name):
            assert base == row.heads.get(name) and not is_frozen
            assert (merged.heads[name], merged.fields[name]) == ("x", value)
        else:
            assert merged.fields.get(name) == row.fields.get(name)
            kept = [one.fields[name] for one in merged.siblings if name in one.fields]
            assert value in kept or row.fields.get(name) == value
    untouched = set(NAMES) - edit.keys()
    assert all(merged.fields.get(name) == row.fields.get(name) for name in untouched)


@given(rows, edits)
def test_edit_that_got_in_gets_in_nowhere_else(row: Row, edit: Edit) -> None:
    """Judged again, as no host may, an edit is equal or loses where it had not seen the head."""
    once = apply_edit(row, "x", edit)
    twice = apply_edit(once, "y", edit)
    for name in edit:
        if edit[name][1] != once.heads.get(name):
            assert twice.fields.get(name) == once.fields.get(name)


# Order

offers = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 9)), max_size=40)


@pytest.mark.proves("I9 I21", "F4 F5 F14 F15 F16")
@given(offers)
def test_every_operation_is_judged_once_and_each_number_taken_once(
    sent: list[tuple[int, int]],
) -> None:
    """Offers as (number, operation) in any order, repeats and clones among them."""
    last, judged, held = 0, [], set()
    taken: list[int] = []
    for seq, op in sent:
        known = Known("p", 8, op in held) if op in judged or op in held else None
        turn = find_turn(seq, last, "p", 8, known)
        is_next = takes_place(seq, last)
        if turn is Turn.GAP or (turn is Turn.HELD and not is_next):
            held.add(op)
            continue
        if turn is not Turn.REPLAY:
            judged.append(op)
            held.discard(op)
        if is_next:
            last = seq
            taken.append(seq)
    assert len(judged) == len(set(judged))
    assert taken == list(range(1, last + 1))


@pytest.mark.proves("I23", "F24")
@given(st.integers(1, 9), st.integers(0, 9), st.booleans())
def test_known_operation_under_another_person_is_a_reuse_whatever_its_number(
    seq: int, last: int, is_held: bool
) -> None:
    assert find_turn(seq, last, "p", 9, Known("p", 8, is_held)) is Turn.REUSE
    assert find_turn(seq, last, "q", 8, Known("p", 8, is_held)) is Turn.REUSE


# Uploads

chunks = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(0, 12), st.booleans()),
    max_size=30,
)


@pytest.mark.proves("I19", "F1 F2 F4 F5 F9 F25")
@given(st.integers(1, 30), chunks)
def test_offset_only_grows_and_the_disk_always_has_its_bytes(
    length: int, sent: list[tuple[int, int, int, bool]]
) -> None:
    """Chunks at any offset; some are cut, and after some the server dies before it counted."""
    transfer, disk = Transfer(length, 0), 0
    for offset, size, arrives, dies in sent:
        if isinstance(check_chunk(transfer, offset, size, False), Refused):
            continue
        again = resume(transfer, disk)
        assert again == transfer, "no byte that was counted is ever missing"
        written = min(size, arrives)
        disk = transfer.offset + written
        if not dies:
            grown = advance(transfer, written)
            assert grown.offset >= transfer.offset
            transfer = grown
        assert transfer.offset <= disk <= length
