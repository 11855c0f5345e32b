"""What a person does with a phone in a soak, drawn from a seed: record, photograph, choose, submit,
review, enter, edit too late, restore an old copy, lose an operation. Sending is one more act."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

from sync.canonical import hash_canonical
from tests.integration.fieldsync.day import STROKES, claim, content_of, make_jpeg
from tests.model.kept import Kept
from tests.soak.line import Photo
from tests.soak.sender import Sender

ITEMS = {"tr": ("PAX-01", "PAX-02", "PAX-03"), "mr": ("MR-01",)}
COLOURS = ("navy", "red", "green", "orange", "gray", "purple", "teal", "brown")
# act → weight; sending is chosen apart
ACTS = {
    "edit": 36, "photograph": 6, "remove": 2, "sign": 3, "check_in": 2, "choose": 16,
    "finish": 8, "review": 14, "enter": 12, "propose": 2, "dismiss": 4, "keep_copy": 2,
    "go_back": 0.4, "lose_one": 0.4,
}  # fmt: skip


class Officer(Sender):
    """Who uses the phone."""

    copy: tuple[Kept, dict[str, Photo]] | None = None

    def step(self) -> None:
        """One act of a working day, then perhaps a round with the server."""
        self.phone.space = self.chance.choice(self.crew.spaces)
        act = self.chance.choices(list(ACTS), list(ACTS.values()))[0]
        getattr(self, f"do_{act}")()
        if self.chance.random() < 0.3:
            self.round()

    # Recording

    def state(self) -> str:
        row = self.phone.shown(f"sheet:{self.sheet}")
        return str(row["fields"]["state"]) if row else ""

    def do_edit(self) -> None:
        """An answer, a note, or both; before the lock and after it."""
        if not self._may_record():
            return
        item = self._own_item() if self.chance.random() < 0.8 else self._any_item()
        fields: dict[str, Any] = {}
        if self.chance.random() < 0.6:
            fields["value"] = self._value(item)
        if not fields or self.chance.random() < 0.5:
            fields["note"] = f"{self.role} 第 {self.chance.randrange(10_000)} 次核对"
        self.phone.set_answer(f"answer:{self.sheet}/{item}", fields)

    def _may_record(self) -> bool:
        """While the lead has the sheet, most people leave it alone."""
        is_with_lead = self.state() in ("submitted", "accepted")
        return self.role != "lead" and (not is_with_lead or self.chance.random() < 0.04)

    def _own_item(self) -> str:
        """Officers share the items out, and stray."""
        return {"wang": "PAX-01", "li": "PAX-03"}.get(self.role, "MR-01")

    def _any_item(self) -> str:
        return self.chance.choice(ITEMS[self.sheet])

    def _value(self, item: str, *, good: bool = False) -> Any:
        if item == "PAX-02":
            return {"checked": self.chance.randrange(1, 9), "failed": 0}
        if item == "PAX-03":
            return f"台账第 {self.chance.randrange(1000)} 页"
        return "pass" if good else self.chance.choice(("pass", "fail", "na"))

    def do_photograph(self) -> None:
        """Bytes, hash and operation are kept together; the bytes follow later."""
        if not self._may_record():
            return
        size = (self.chance.randrange(40, 400), self.chance.randrange(40, 300))
        data = make_jpeg(*size, self.chance.choice(COLOURS), quality=self.chance.randrange(60, 96))
        data += self.chance.randbytes(self.chance.randrange(0, 60_000))  # behind the end marker
        sha256 = hashlib.sha256(data).hexdigest()
        photo = {**claim(data), "width": size[0], "height": size[1]}
        entity = f"answer:{self.sheet}/{self._any_item()}"
        op = self.phone.make("photo.attach", entity, {}, photo=photo, base={"attached": None})
        self.line.photos[sha256] = Photo(op["op"], data)

    def do_remove(self) -> None:
        """Another department's photos are known by their id alone."""
        rows = [
            row
            for row in self.phone.rows_here().values()
            if row["t"] == "photo" and not row.get("gone") and row["fields"].get("attached")
        ]
        if rows and self.role != "lead":
            row = self.chance.choice(rows)
            fields = {"from": row["fields"]["attached"][0]}
            base = {"attached": row["heads"].get("attached")}
            self.phone.make("photo.remove", row["id"], fields, base=base)

    def do_sign(self, role: str = "officer", name: str = "wang") -> None:
        if self.role == "lead":
            return
        fields: dict[str, Any] = {
            "sheet": self.sheet, "role": role, "name": name, "refused": False,
            "strokes": STROKES, "size": [300, 120],
        }  # fmt: skip
        if role == "officer":
            fields["officer_id"] = self.crew.field.officers[name]
        self.phone.make("signature.add", f"signature:{self._new_id('sig')}", fields)

    def do_check_in(self, name: str = "") -> None:
        if self.role == "lead":
            return
        officer = self.crew.field.officers[name or self.role]
        fields = {"sheet": self.sheet, "officer_id": officer, "place": None}
        self.phone.make("checkin.add", f"checkin:{self._new_id('sig')}", fields)

    def do_choose(self) -> None:
        """Settles every conflict that is shown in one inspection."""
        for row in self._list_open_rows():
            fields = {} if self.chance.random() < 0.5 else dict(row["siblings"][0]["fields"])
            self._set(row["id"], fields)

    def _list_open_rows(self) -> list[dict[str, Any]]:
        """Those this phone has not just chosen for."""
        own, here = f"answer:{self.sheet}/", self.phone.space
        waiting = {
            entry.op["entity"]
            for entry in self.phone.in_order()
            if entry.result is None and entry.op["space"] == here
        }
        return [
            row
            for row in self.phone.rows_here().values()
            if row["id"].startswith(own) and row["siblings"] and row["id"] not in waiting
        ]

    def _set(self, entity: str, fields: dict[str, Any]) -> None:
        """Sets the fields and settles whatever is open there."""
        row = self.phone.shown(entity)
        named = [one["op"] for one in row["siblings"]] if row else []
        self.phone.set_answer(entity, fields, resolves=named)

    # The sheet's way

    def do_finish(self) -> None:
        """Everything that is needed, then the submission."""
        if self.role not in ("wang", "li") or self.state() not in ("open", "returned"):
            return
        if self._list_open_rows():
            self.do_choose()
            return
        for name in ("wang", "li"):
            self.do_check_in(name)
            self.do_sign("officer", name)
        self.do_sign("firm", "陈经理")
        for item in ITEMS["tr"]:
            self._set(f"answer:tr/{item}", {"value": self._value(item, good=True)})
        self.phone.make("sheet.submit", "sheet:tr", {"ended_on": "2026-03-04"})

    def do_review(self) -> None:
        """The lead accepts, or returns with a reason."""
        if self.role != "lead":
            return
        if self.chance.random() < 0.92:
            self.phone.make("sheet.accept", "sheet:tr", {})
        else:
            self.phone.make("sheet.return", "sheet:tr", {"reason": "请补充照片"})

    def do_enter(self) -> None:
        """Signs what is shown; the screen offers it when nothing of this phone is on its way."""
        if self.role not in ("wang", "li"):
            return
        self.round()
        for space in self.crew.spaces:
            self.phone.space = space
            if self.state() == "accepted":
                break
        self.do_choose()
        is_waiting = any(entry.result is None for entry in self.phone.in_order())
        if is_waiting or self.state() != "accepted":
            return
        rows = self.phone.rows_here()
        results = {
            item: 5 if self._is_failed(rows.get(f"answer:tr/{item}")) else 1 for item in ITEMS["tr"]
        }
        shown = SimpleNamespace(
            rows={f"{self.phone.space} {key}": row for key, row in rows.items()},
            field=SimpleNamespace(space=self.phone.space),
        )
        content = content_of(shown, results)  # type: ignore[arg-type]
        named = {f"answer:tr/{item}" for item in content["answers"]}
        named |= {f"photo:{sha256}" for sha256 in content["photos"]}
        named |= {f"signature:{one}" for one in content["signatures"]}
        named |= {f"checkin:{one}" for one in content["checkins"]}
        self.phone.make(
            "sheet.enter", "sheet:tr", {"results": results},
            seen={entity: rows[entity]["heads"] for entity in sorted(named)},
            digest=hash_canonical(content),
        )  # fmt: skip

    @staticmethod
    def _is_failed(row: dict[str, Any] | None) -> bool:
        return row is not None and row["fields"].get("value") == "fail"

    def do_propose(self) -> None:
        if self.role != "lead":
            item = self._any_item()
            fields = {"value": self._value(item), "reason": "误填"}
            self.phone.make("correction.propose", f"answer:{self.sheet}/{item}", fields)

    def do_dismiss(self) -> None:
        """Reads the refusals and lets go of what the backup mark covers."""
        self.phone.dismiss()
        self.phone.prune()

    # What happens to phones

    def do_keep_copy(self) -> None:
        self.copy = (self.phone.snapshot(), dict(self.line.photos))

    def do_go_back(self) -> None:
        """The phone is restored from its older copy; what came since is gone, and on record."""
        if self.copy is None:
            return
        kept, photos = self.copy
        before = self.phone.held_ids()
        self.phone.put_back(kept)
        self.book.destroyed(before - self.phone.held_ids(), "phone restored")
        self.line.photos = {sha: Photo(one.op, one.data) for sha, one in photos.items()}
        self.copy = None

    def do_lose_one(self) -> None:
        """The browser loses one operation that was not told yet."""
        unsent = [seq for seq, one in self.phone.kept.outbox.items() if one.result is None]
        if unsent:
            op = self.phone.kept.outbox.pop(self.chance.choice(unsent)).op
            self.book.destroyed({op["op"]}, "storage evicted")
            self.line.photos.pop(op.get("photo", {}).get("sha256", ""), None)
