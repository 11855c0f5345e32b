"""A reason is kept as typed or refused, never cut."""

import pytest

from domain.errors import Fault, message
from domain.reasons import parse_reason


def test_reason_is_kept_without_the_blanks_around_it() -> None:
    assert parse_reason(" \u3000现场复核\r\n缺三页 \r\n", 20) == "现场复核\n缺三页"
    assert parse_reason(" \u3000\r\n", 20) == ""


def test_line_end_counts_once_and_blanks_around_do_not() -> None:
    assert parse_reason("  " + "一\r\n" * 9 + "二" * 2 + "  ", 20) == "一\n" * 9 + "二二"


def test_one_character_too_many_is_refused_and_both_numbers_are_said() -> None:
    assert parse_reason("字" * 20, 20) == "字" * 20
    with pytest.raises(Fault) as refused:
        parse_reason("字" * 21, 20)
    assert (refused.value.code, refused.value.status) == ("reason.too_long", 422)
    for locale in ("zh_CN", "en"):
        told = message(refused.value.code, locale, refused.value.details)
        assert "20" in told and "21" in told
