"""Where a firm is: two optional columns, refused where they cannot be meant."""

from __future__ import annotations

import pytest
from flask import Flask

from domain.errors import Fault
from server.registry.service import list_firms
from tests.integration.registry.county import build_county, import_firms

HEAD = "统一社会信用代码,名称,类别,纬度,经度\n"
USCC = "91140599MA9Q113715"


def send(*cells: str) -> None:
    import_firms((HEAD + ",".join([USCC, "甲公司", "道路客运", *cells])).encode())


def test_a_place_is_kept_to_the_seventh_digit_and_stays_when_the_next_file_has_none(
    app: Flask,
) -> None:
    with app.app_context():
        build_county()
        send("35.4862", "112.41890005")
        send("", "")
        assert list_firms(None).rows[0].place == {"lat_e7": 354862000, "lng_e7": 1124189000}


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (("112.4189", "35.4862"), "纬度", "plan.bad_degrees"),  # swapped
        (("35°29'", "112.4189"), "纬度", "plan.bad_degrees"),
        (("354862000", "112.4189"), "纬度", "plan.bad_degrees"),
        (("35.4862", ""), "经度", "plan.blank"),
        (("", "112.4189"), "纬度", "plan.blank"),
    ],
)
def test_half_a_place_and_one_outside_the_country_are_named_by_their_cell(
    sqlite_app: Flask, cells: tuple[str, str], column: str, reason: str
) -> None:
    with sqlite_app.app_context():
        build_county()
        with pytest.raises(Fault) as refused:
            send(*cells)
        details = refused.value.details
        assert (details["row"], details["column"], details["reason"]) == (2, column, reason)
        assert list_firms(None).rows == []
