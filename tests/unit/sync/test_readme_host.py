"""The host of sync/README.md runs, and holds a conversation as the protocol says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.errors import Fault
from sync.canonical import hash_canonical
from sync.content import build_content, current_heads
from sync.cursor import Mark, digest_space
from sync.rows import Author
from tests.unit.sync.readme_host import README, SPACE, make_host
from tests.unit.sync.samples import make_push, make_sent

WANG, LI = Author(8, "王检查"), Author(9, "李检查")


def answer(n: int, value: str, base: str | None = None, seq: int | None = None) -> dict[str, Any]:
    """The n-th operation of a phone: an answer to item A."""
    sent = make_sent("answer.set")
    sent |= {"op": f"0195c0de-0000-7000-8000-{n:012d}", "seq": seq or n, "group": None}
    sent |= {"entity": "answer:tr/A", "fields": {"value": value}, "base": {"value": base}}
    return {**sent, "resolves": []}


def push(host: Any, author: Author, *ops: dict[str, Any], device: str = "") -> dict[str, Any]:
    body = {**make_push(), "device": device or f"dev_{author.id}", "epoch": "ep_1"}
    told: dict[str, Any] = host.push(author, {**body, "ops": list(ops)})
    return told


def statuses(told: dict[str, Any]) -> list[str]:
    return [one["status"] for one in told["results"]]


def pull(host: Any, cursor: int = 0, limit: int = 500, epoch: str = "ep_1") -> dict[str, Any]:
    asked = {"device": "dev_8", "epoch": epoch, "schema": 1, "spaces": {SPACE: cursor}}
    page: dict[str, Any] = host.pull({**asked, "limit": limit})["pages"][SPACE]
    return page


def enter(host: Any, n: int) -> dict[str, Any]:
    """``sheet.enter`` over everything that stands."""
    rows = host.space.list_evidence("tr")
    sent = {**make_sent("sheet.enter"), "op": f"0195c0de-0000-7000-8000-{n:012d}", "seq": n}
    content = build_content(SPACE, "tr", rows, {"A": 1})
    sent |= {"fields": {"results": {"A": 1}}, "seen": current_heads("tr", rows), "group": None}
    return {**sent, "digest": hash_canonical(content)}


def submit(n: int) -> dict[str, Any]:
    sent = {**make_sent("sheet.submit"), "op": f"0195c0de-0000-7000-8000-{n:012d}", "seq": n}
    return {**sent, "group": None}


def test_a_day_from_first_answer_to_a_late_edit() -> None:
    host = make_host()
    first = push(host, WANG, answer(1, "pass"))
    assert statuses(first) == ["applied"] and first["device"]["last_seq"] == 1
    again = push(host, WANG, answer(1, "pass"))
    assert again["results"] == [{**first["results"][0], "replay": True}]

    other = {**answer(101, "fail"), "seq": 1}
    assert statuses(push(host, LI, other)) == ["conflict"]
    (row,) = [one for one in pull(host)["rows"] if one["id"] == "answer:tr/A"]
    assert row["fields"] == {"value": "pass"} and row["siblings"][0]["op"] == other["op"]

    choice = {**answer(2, "pass", first["results"][0]["op"]), "resolves": [other["op"]]}
    assert statuses(push(host, WANG, choice, submit(3))) == ["applied", "applied"]
    assert statuses(push(host, WANG, enter(host, 4))) == ["applied"]
    late = {**answer(102, "na", choice["op"]), "seq": 2}
    told = push(host, LI, late)["results"][0]
    assert told["status"] == "rejected_locked" and told["proposal"] in host.proposals
    equal = {**answer(103, "pass"), "seq": 3}
    assert statuses(push(host, LI, equal)) == ["merged"]


def test_gap_fork_and_reuse() -> None:
    host = make_host()
    ops = [answer(1, "pass"), answer(2, "fail", answer(1, "")["op"])]
    with pytest.raises(Fault) as raised:
        push(host, WANG, ops[1])
    assert (raised.value.code, raised.value.details) == ("sync.sequence_gap", {"expect": 1})
    assert statuses(push(host, WANG, ops[0])) == ["applied"]
    assert host.last_seq == {"dev_8": 2} and statuses(push(host, WANG, *ops)) == ["applied"] * 2

    told = push(host, WANG, {**answer(3, "na", ops[1]["op"]), "seq": 1})
    assert told["fork"] is True and statuses(told) == ["applied"]
    renamed = push(host, WANG, {**answer(3, "na", ops[1]["op"]), "seq": 1}, device="dev_new")
    assert renamed["results"][0]["replay"] is True and host.last_seq["dev_new"] == 1

    twisted = push(host, WANG, {**ops[0], "fields": {"value": "na"}})["results"][0]
    assert (twisted["status"], twisted["error"]["code"]) == ("invalid", "op.id_reuse")


def test_stranger_is_refused_and_the_work_kept() -> None:
    host = make_host(team={9})
    assert statuses(push(host, WANG, answer(1, "pass"))) == ["forbidden"]
    assert list(host.proposals) == [answer(1, "")["op"]]


def test_pages_bring_everything_and_the_digest_over_it() -> None:
    host = make_host()
    push(host, WANG, *(answer(n, "pass" if n % 2 else "fail", _before(n)) for n in range(1, 6)))
    rows: dict[str, tuple[str, int]] = {}
    page = {"to": 0, "more": True}
    while page["more"]:
        page = pull(host, page["to"], limit=1)
        rows |= {one["id"]: (one["t"], one["seq"]) for one in page["rows"]}
    marks = [Mark(kind, entity, seq) for entity, (kind, seq) in rows.items()]
    assert page["digest"] == digest_space(marks) == host.space.digest
    assert pull(host, page["to"])["rows"] == []
    assert pull(host, page["to"], epoch="ep_0")["from"] == 0


def _before(n: int) -> str | None:
    return answer(n - 1, "")["op"] if n > 1 else None


def test_another_epoch_decides_nothing() -> None:
    host = make_host()
    host.epoch = "ep_2"
    with pytest.raises(Fault) as raised:
        push(host, WANG, answer(1, "pass"))
    assert raised.value.code == "sync.epoch_changed" and host.receipts == {}


def test_page_names_files_that_exist() -> None:
    text = README.read_text(encoding="utf-8")
    root = README.parent.parent
    named = re.findall(r"`((?:sync|server|tests|domain)/[\w/.]*)`", text)
    assert named and [one for one in named if not (root / one).exists()] == []
