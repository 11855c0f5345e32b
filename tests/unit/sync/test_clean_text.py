"""One look at the whole text tells whether its parts are clean, and says nothing it must not."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import Fault
from server.json_text import encode_sorted
from sync.canonical import check_plain, dump_canonical, dump_clean, encode, parse_plain

texts = st.one_of(
    st.text(max_size=8),
    st.text(alphabet=st.sampled_from('e\u0301\u0338=<>"\\u0\x00\ud800\udc00中가ᄀ'), max_size=8),
)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=12,
)


def list_texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*value, *(text for inner in value.values() for text in list_texts(inner))]
    return (
        [text for inner in value for text in list_texts(inner)] if isinstance(value, list) else []
    )


def is_clean(text: str) -> bool:
    has_half = any("\ud800" <= sign <= "\udfff" for sign in text)
    return "\0" not in text and not has_half and unicodedata.is_normalized("NFC", text)


@given(plain)
@example({"e": "\u0301"})
@example({"a": "\\u0000"})
@example("\ud83d")
def test_text_called_clean_has_only_clean_strings_and_is_canonical(value: Any) -> None:
    text = dump_clean(value)
    if text is None:
        return
    assert all(map(is_clean, list_texts(value)))
    with suppress(TypeError):  # a fraction: that is for who reads it to refuse
        assert text == dump_canonical(value)


@given(plain)
def test_plain_chinese_and_ascii_is_called_clean(value: Any) -> None:
    """Else everything would be read the slow way and nobody would notice."""
    if all(is_clean(text) and "\\u0000" not in text for text in list_texts(value)):
        assert dump_clean(value) is not None


@given(plain)
def test_clean_json_is_refused_for_the_same_as_any_other(value: Any) -> None:
    if dump_clean(value) is None:
        return
    told = []
    for read in (check_plain, parse_plain):
        try:
            read(value, "fields")
            told.append(None)
        except Fault as refused:
            told.append((refused.code, dict(refused.details)))
    assert told[0] == told[1]


whole = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=12,
)


@given(whole)
@example({"\uffff": 1, "\U00010000": 2})
@example({"\x1f\x7f\u2028": "\b\f\n\r\t/"})
@pytest.mark.proves("I21", "F5")
def test_fast_encoder_writes_the_same_text(value: Any) -> None:
    assert encode_sorted(value) == encode(value)
