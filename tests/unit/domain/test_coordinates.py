"""Degrees as people type them."""

import pytest

from domain.coordinates import LATITUDES, LONGITUDES, dump_degrees, parse_degrees


@pytest.mark.parametrize(
    ("text", "value"),
    [("35.4862", 354862000), (" 3 ", 30000000), ("35.48620005", 354862000), ("54", 540000000)],
)
def test_degrees_are_kept_to_the_seventh_digit(text: str, value: int) -> None:
    assert parse_degrees(text, LATITUDES) == value


@pytest.mark.parametrize("text", ["", "112.4", "35°29'", "-35", "35,4", "３５", "1e2", "2.9"])
def test_what_is_no_latitude_of_the_country_is_none(text: str) -> None:
    assert parse_degrees(text, LATITUDES) is None


def test_what_was_read_is_written_as_it_came() -> None:
    assert dump_degrees(parse_degrees("112.4189", LONGITUDES)) == "112.4189"
    assert dump_degrees(parse_degrees("110", LONGITUDES)) == "110"
    assert dump_degrees(None) == ""
