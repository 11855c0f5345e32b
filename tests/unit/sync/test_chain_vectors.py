"""``tests/vectors/chain.json``: payload hash and chain as both ends compute them (§13.3)."""

import json

import pytest

from sync.chain import is_broken, link_of
from sync.messages.push_request import build_offer
from tests.conftest import ROOT

VECTORS = json.loads((ROOT / "tests/vectors/chain.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["chain", "renamed"])
def test_payload_hash_and_links_are_those_of_the_vector(name: str) -> None:
    link = None
    for case in VECTORS[name]:
        offer = build_offer(case["operation"], "op")
        assert not is_broken(offer.prev, link, offer.seq)
        assert offer.payload_sha256 == case["sha256"]
        link = link_of(offer.prev, offer.seq, offer.op, offer.payload_sha256)
        assert link == case["link"]
        assert is_broken("0" * 64, link, offer.seq + 1)


def test_renaming_a_phone_keeps_the_payload_hashes() -> None:
    before = {case["operation"]["op"]: case["sha256"] for case in VECTORS["chain"]}
    for case in VECTORS["renamed"]:
        assert before[case["operation"]["op"]] == case["sha256"]
