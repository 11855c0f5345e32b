"""``tests/vectors/custody.json``: both ends find the same receipts good and bad (§13.9)."""

import copy
import json
from typing import Any

import pytest

from domain.canonical import canonical_json
from server.custody.signing import check_document, parse_keys
from tests.conftest import ROOT

VECTORS = json.loads((ROOT / "tests/vectors/custody.json").read_text("utf-8"))
KEYS = parse_keys(VECTORS["keys"])
VALID, ALTERED = VECTORS["valid"], VECTORS["altered"]


def altered(case: dict[str, Any]) -> dict[str, Any]:
    """The first valid receipt with this one change."""
    document: dict[str, Any] = copy.deepcopy(VALID[0]["document"])
    *steps, last = case["path"]
    place: Any = document
    for step in steps:
        place = place[step]
    if case.get("remove"):
        del place[last]
    elif isinstance(place, list):
        place[last : last + 1] = [case["value"]]
    else:
        place[last] = case["value"]
    return document


@pytest.mark.parametrize("case", VALID, ids=lambda case: case["name"])
def test_receipt_of_a_known_key_is_good(case: dict[str, Any]) -> None:
    assert canonical_json(case["document"]["receipt"]) == case["text"]
    assert check_document(case["document"], KEYS) == []


@pytest.mark.parametrize("case", ALTERED, ids=lambda case: case["name"])
def test_altered_receipt_has_the_fault_of_the_vector(case: dict[str, Any]) -> None:
    assert check_document(altered(case), KEYS) == [case["fault"]]


def test_key_that_is_not_what_its_id_says_proves_nothing() -> None:
    forged = VECTORS["forged_key"]
    document = {**VALID[0]["document"], "signature": forged["signature"]}
    keys = {**KEYS, forged["key_id"]: forged["public_key"]}
    assert check_document(document, keys) == [forged["fault"]]
