"""What an item of the item list says and lacks, and the share it asks for."""

from decimal import Decimal

import pytest

from domain.errors import Fault
from domain.item_list import compare_fields, list_missing, parse_methods, parse_ratio, ratio_of


def test_ratio_of_key_and_general_items_is_set_apart() -> None:
    settings = {"items.key_percent": 20, "items.general_percent": "4.5"}
    assert ratio_of("key", None, settings) == 20
    assert ratio_of("general", None, settings) == Decimal("4.5")
    assert (ratio_of("key", None, {}), ratio_of("general", None, {})) == (10, 3)


def test_an_item_s_own_ratio_goes_before_its_kind_s() -> None:
    assert ratio_of("key", Decimal(35), {"items.key_percent": 20}) == 35


@pytest.mark.parametrize(
    ("typed", "kept"), [("5", "5"), ("5%", "5"), (" 12.50 ％", "12.5"), ("100", "100"), ("", None)]
)
def test_a_ratio_is_read_as_typed(typed: str, kept: str | None) -> None:
    assert parse_ratio(typed) == kept


@pytest.mark.parametrize("typed", ["0", "-1", "101", "五", "NaN", "3.333", "1e400"])
def test_what_is_no_ratio_is_refused(typed: str) -> None:
    with pytest.raises(Fault) as refused:
        parse_ratio(typed)
    assert refused.value.code == "sampling.percent"


def test_methods_are_read_from_one_cell_and_unknown_words_are_not_guessed() -> None:
    assert parse_methods("书面检查；实地核查、书面检查") == ("document", "on_site")
    assert parse_methods("") == ()
    assert parse_methods("电话询问") is None


def test_an_item_lacks_what_is_blank_of_the_six_fields() -> None:
    said = {"category": "客运", "objects": "企业", "basis": "", "bodies": "局", "methods": []}
    assert list_missing(said) == ("basis", "content", "methods")


def test_blank_and_absent_say_the_same() -> None:
    assert compare_fields({"basis": ""}, {"basis": None, "methods": []}) == ()
    assert [d.field for d in compare_fields({"name": "a"}, {"name": "b"})] == ["name"]
