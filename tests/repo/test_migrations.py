"""Migrations form one line: two that follow the same one stop every upgrade."""

from __future__ import annotations

import re

from tests.conftest import ROOT

VERSIONS = ROOT / "server" / "migrations" / "versions"


def test_no_two_migrations_follow_the_same_one() -> None:
    texts = [path.read_text() for path in sorted(VERSIONS.glob("*.py"))]
    before = re.compile(r'^down_revision(?:: [^=]+)? = (?:"(\w+)"|None)', re.MULTILINE)
    followed = [found[1] for one in texts if (found := before.search(one))]
    assert len(followed) == len(texts)
    assert sorted(set(followed), key=str) == sorted(followed, key=str)
