"""``tests/vectors/chain.json``: payload hash and chain as both ends compute them (protocol 13.3)."""

import hashlib
import json

import pytest

from domain.canonical import canonical_sha256
from tests.conftest import ROOT

VECTORS = json.loads((ROOT / "tests/vectors/chain.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["chain", "renamed"])
def test_payload_hash_and_links_are_those_of_the_vector(name: str) -> None:
    prev = None
    for case in VECTORS[name]:
        sent = case["operation"]
        assert sent.get("prev") == prev
        payload = {k: v for k, v in sent.items() if k not in {"seq", "prev", "mono_ms"}}
        assert canonical_sha256(payload) == case["sha256"]
        text = f"{prev or ''}\n{sent['seq']}\n{sent['op']}\n{case['sha256']}"
        prev = hashlib.sha256(text.encode()).hexdigest()
        assert prev == case["link"]


def test_renaming_a_phone_keeps_the_payload_hashes() -> None:
    before = {case["operation"]["op"]: case["sha256"] for case in VECTORS["chain"]}
    for case in VECTORS["renamed"]:
        assert before[case["operation"]["op"]] == case["sha256"]
