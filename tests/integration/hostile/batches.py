"""Batches of operations as Hypothesis draws them: few names, so that they meet often."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import strategies as st

from sync.chain import link_of
from sync.messages.push_request import build_offer
from tests.integration.fieldsync.day import STROKES, claim

Sent = dict[str, Any]
NAMES = ("wang", "li", "lead", "stranger")
ITEMS = ("tr/PAX-01", "tr/PAX-02", "tr/PAX-03", "tr/NONE", "mr/MR-01", "no entity")
VALUES = ("pass", "fail", "文字", None, {"checked": 5, "failed": 1}, {"checked": 1, "failed": 0}, 7)
PICTURES = (b"one", b"two")
# what an answer says beside its value, well and badly
MORE: tuple[Sent, ...] = (
    {}, {}, {}, {"by_rest": True}, {"by_rest": None}, {"by_rest": 1}, {"outcome": "closed"},
    {"outcome": None}, {"outcome": "gone"},
)  # fmt: skip

SHAPES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ["answer.set"] * 6
            + ["photo.attach", "photo.attach", "photo.remove", "signature.add", "checkin.add"]
            + ["sheet.submit", "sheet.accept", "sheet.return", "sheet.enter"]
            + ["correction.propose", "device.lost", "unreadable", "again", "again", "reuse"]
        ),
        "item": st.sampled_from(ITEMS[:3] * 3 + ITEMS),
        "value": st.sampled_from(VALUES),
        "note": st.sampled_from([None, "注", "\u0000", "x" * 40]),
        "more": st.sampled_from(MORE),
        "base": st.integers(0, 3),
        "which": st.integers(0, 1),
        "sheet": st.sampled_from(["tr", "tr", "mr", "zz"]),
        "group": st.sampled_from([None, None, "g", "g", "h"]),
        "skip": st.sampled_from([0] * 40 + [-2, -1, 1, 2]),
        "chain": st.sampled_from(["right", "right", "none", "wrong"]),
    }
)


def shape(item: str, value: Any, **more: Any) -> Sent:
    """A plain answer, for a day that is written down."""
    plain = {
        "kind": "answer.set", "item": item, "value": value, "note": None, "more": {}, "base": 0,
        "which": 0,
        "sheet": "tr", "group": None, "skip": 0, "chain": "right",
    }  # fmt: skip
    return {**plain, **more}


# A group that breaks in memory, and one that is left to the careful way after its first operation.
BROKEN_GROUP = [
    (
        "wang",
        [
            shape("tr/PAX-03", "一", group="g"),
            shape("tr/PAX-02", "no pair", group="g"),
            shape("tr/PAX-03", "二"),
        ],
    )
]
LEFT_TO_CARE = [
    (
        "wang",
        [
            shape("tr/PAX-01", "pass", group="g", skip=3),
            shape("tr/PAX-03", "一", group="g", skip=-4),
            shape("tr/PAX-03", "二", group="g"),
        ],
    )
]
BATCHES = st.lists(
    st.tuples(st.sampled_from(("wang",) * 3 + NAMES), st.lists(SHAPES, min_size=1, max_size=9)),
    min_size=1,
    max_size=5,
)


class Maker:
    """Turns shapes into operations, the same ones each time: ids are counted, not drawn."""

    def __init__(self, space: str, officers: dict[str, int]) -> None:
        self.space, self.officers = space, officers
        self.made: list[tuple[str, Sent]] = []
        self.next_seq = dict.fromkeys(NAMES, 1)
        self.link: dict[str, str | None] = dict.fromkeys(NAMES)

    def make(self, name: str, shape: Sent) -> Sent:
        """The operation a phone would send, or somebody who means no good."""
        seq = max(1, self.next_seq[name] + shape["skip"])
        self.next_seq[name] = seq + 1
        if shape["kind"] in ("again", "reuse") and self.made:
            op = dict(self.made[shape["base"] % len(self.made)][1])
            if shape["kind"] == "reuse":
                op["at"] = "2026-03-04T10:00:00.000+08:00"
            if shape["which"]:
                op["seq"] = seq
            return op
        op = {
            "op": str(uuid.UUID(int=len(self.made) + 1, version=4)),
            "seq": seq,
            "v": 1,
            "space": self.space,
            "at": "2026-03-04T09:12:33.120+08:00",
            **self._body(name, shape),
        }
        if shape["group"] is not None:
            op["group"] = shape["group"]
        if shape["chain"] != "none":
            prev = self.link[name] if shape["chain"] == "right" else "0" * 64
            op["prev"] = prev
        offer = build_offer(op, "op")
        self.link[name] = link_of(offer.prev, offer.seq, offer.op, offer.payload_sha256)
        self.made.append((name, op))
        return op

    def _body(self, name: str, shape: Sent) -> Sent:
        answer, which = f"answer:{shape['item']}", shape["which"]
        picture = claim(PICTURES[which])
        named = uuid.UUID(int=which + 1, version=4)
        match shape["kind"]:
            case "answer.set":
                body = self._edit("answer.set", answer, shape)
                if which and shape["base"]:
                    body["resolves"] = [op["op"] for _, op in self.made[-2:]]
                return body
            case "correction.propose":
                body = self._edit("correction.propose", answer, shape)
                body["fields"]["reason"] = "看错了"
                return body
            case "photo.attach":
                base = {"attached": self._head(shape)}
                return {**_bare("photo.attach", answer), "base": base, "photo": picture}
            case "photo.remove":
                entity, base = f"photo:{picture['sha256']}", {"attached": self._head(shape)}
                return {**_bare("photo.remove", entity, {"from": answer}), "base": base}
            case "signature.add":
                fields = {
                    "sheet": shape["sheet"], "role": "firm", "name": "陈", "post": "经理",
                    "refused": False, "strokes": STROKES, "size": [300, 120 + shape["base"] // 3],
                }  # fmt: skip
                return _bare("signature.add", f"signature:{named}", fields)
            case "checkin.add":
                fields = {
                    "sheet": shape["sheet"],
                    "officer_id": self.officers.get(name, 1),
                    "place": None,
                }
                return _bare("checkin.add", f"checkin:{named}", fields)
            case "sheet.submit":
                return _bare("sheet.submit", f"sheet:{shape['sheet']}", {"ended_on": "2026-03-04"})
            case "sheet.return":
                return _bare("sheet.return", f"sheet:{shape['sheet']}", {"reason": "再看"})
            case "sheet.enter":
                fields = {"results": {"PAX-01": 1, "PAX-02": 1, "PAX-03": 1}}
                more = {"seen": {}, "digest": "0" * 64}
                return {**_bare("sheet.enter", f"sheet:{shape['sheet']}", fields), **more}
            case "device.lost":
                return _bare("device.lost", "device:dev_x", {"seq": self.next_seq[name]})
            case "sheet.accept":
                return _bare("sheet.accept", f"sheet:{shape['sheet']}")
            case _:
                return {**_bare("answer.set", answer), "nobody": "knows this"}

    def _edit(self, kind: str, entity: str, shape: Sent) -> Sent:
        fields = {"value": shape["value"], **shape["more"]}
        if shape["note"] is not None:
            fields["note"] = shape["note"]
        return {**_bare(kind, entity, fields), "base": dict.fromkeys(fields, self._head(shape))}

    def _head(self, shape: Sent) -> str | None:
        """What it says it saw: nothing, or one of the last operations."""
        if shape["base"] == 0 or not self.made:
            return None
        return str(self.made[-min(shape["base"], len(self.made))][1]["op"])


def _bare(kind: str, entity: str, fields: Sent | None = None) -> Sent:
    return {"kind": kind, "entity": entity, "fields": fields or {}, "base": {}}
