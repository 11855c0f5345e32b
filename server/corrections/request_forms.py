"""The form of a request: the chosen check entries with what they should say, the reason, papers.
What is wrong stands at its field, and everything typed comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from domain.access import Actor
from domain.errors import Fault, message
from domain.results import RESULTS
from server.corrections.evidence import Paper
from server.corrections.held_papers import Taken, take_papers
from server.corrections.requesting import ItemNow, RequestView, Wanted
from server.filling.forms import asks_verdict, given_names, read_answer, sent_form, show_form
from server.filling.showing import field_labels
from server.i18n import current_locale
from server.inspections.wording import answer_text, result_word, verdict_word
from server.kit.forms import KitForm
from sync.versions import RESULT

OWN = {"meta": {"csrf": False}}  # the page's one token is checked for all of them


@dataclass(slots=True)
class ItemForm:
    """One chosen entry: what stands there, and the form of what should."""

    now: ItemNow
    form: KitForm
    result: str
    seen: str
    error: str = ""

    @property
    def code(self) -> str:
        return self.now.item.code

    @property
    def prefix(self) -> str:
        """Of all its fields' names."""
        return prefix_of(self.code)

    @property
    def old_answer(self) -> str:
        return answer_text(self.now.item, self.now.fields.get("value"))

    @property
    def old_verdict(self) -> str:
        """What an officer judged, empty where a rule did."""
        told = self.now.fields.get("verdict")
        return verdict_word(told) if told else ""

    @property
    def old_result(self) -> str:
        return result_word(self.now.fields.get(RESULT))

    @property
    def given(self) -> tuple[str, ...]:
        return given_names(self.now.item)

    @property
    def asks_verdict(self) -> bool:
        return asks_verdict(self.now.item)

    @property
    def labels(self) -> dict[str, str]:
        return field_labels(self.now.item)

    @property
    def errors(self) -> list[str]:
        """All that is wrong with it, for the list on top."""
        own = [self.error] if self.error else []
        return own + [str(text) for one in self.form for text in one.errors]


@dataclass(slots=True)
class RequestForm:
    """``papers`` are (voucher, name) of what came already. ``errors`` by field: ``reason``,
    ``evidence``; those of an entry are with it."""

    items: list[ItemForm]
    reason: str = ""
    papers: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def take(self, taken: Taken, actor: Actor) -> None:
        """What came is on the next page too; what cannot be kept is told."""
        self.papers = taken.vouchers(actor)
        if taken.refused:
            self.errors["evidence"] = " ".join(taken.words)

    @property
    def is_refused(self) -> bool:
        return bool(self.errors) or any(one.errors for one in self.items)

    def blame(self, refused: Fault) -> bool:
        """Puts a refusal at the field it is about; False where it is about none."""
        text = message(refused.code, current_locale(), refused.details)
        if refused.code in ("correction.needs_reason", "reason.too_long"):
            self.errors["reason"] = text
        elif refused.code.startswith(("document.", "photo.")) or refused.code in (
            "correction.too_many_papers",
            "upload.no_space",
        ):
            self.errors["evidence"] = text
        elif refused.code in ("correction.item_unchanged", "correction.seen_differs"):
            for one in self.items:
                if one.code == refused.details.get("item"):
                    one.error = text
        else:
            return False
        return True


def prefix_of(code: str) -> str:
    return f"{code}."


def show_items(view: RequestView, codes: list[str]) -> RequestForm:
    """As it stands, with nothing typed."""
    return RequestForm([_shown(view.items[code]) for code in codes if code in view.items])


def sent_items(view: RequestView, codes: list[str]) -> RequestForm:
    """As it was sent; an entry that was not on the page yet is shown as it stands."""
    found = []
    for code in codes:
        now = view.items.get(code)
        if now is None:
            continue
        if f"{prefix_of(code)}seen" not in request.form:
            found.append(_shown(now))
            continue
        form = sent_form(now.item, prefix=prefix_of(code), **OWN)
        result = request.form.get(f"{prefix_of(code)}result", "")
        seen = request.form.get(f"{prefix_of(code)}seen", "")
        found.append(ItemForm(now, form, result, seen))
    return RequestForm(found, request.form.get("reason", ""))


def read_wanted(form: RequestForm) -> list[Wanted] | None:
    """None where something is wrong and said at its field."""
    found = []
    for one in form.items:
        answer = read_answer(one.now.item, one.form, one.now.fields)
        if answer is None:
            continue
        result = int(one.result) if one.result.isdecimal() and len(one.result) == 1 else None
        fields = {**answer, RESULT: result if result in RESULTS else one.now.fields[RESULT]}
        found.append(Wanted(one.code, fields, _read_seen(one.seen)))
    return None if form.is_refused else found


def take_sent_papers(actor: Actor) -> Taken:
    """Of an earlier sending of this form and of this one."""
    return take_papers(actor, request.form.getlist("evidence_kept"), _sent_papers())


def _sent_papers() -> list[Paper]:
    """The files that were sent; an empty field sends one without a name."""
    sent: list[FileStorage] = request.files.getlist("evidence")
    return [
        Paper(one.stream, str(one.filename).replace("\\", "/").rsplit("/", 1)[-1])  # type: ignore[arg-type]
        for one in sent
        if one.filename
    ]


def refresh(view: RequestView, form: RequestForm) -> None:
    """Over what holds now: whoever saw what has changed can send it again."""
    for one in form.items:
        one.now = view.items[one.code]
        one.seen = json.dumps(dict(one.now.heads))


def _shown(now: ItemNow) -> ItemForm:
    form = show_form(now.item, now.fields, prefix=prefix_of(now.item.code), **OWN)
    result = now.fields.get(RESULT)
    return ItemForm(now, form, str(result or ""), json.dumps(dict(now.heads)))


def _read_seen(text: str) -> Mapping[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {"": None}
    return told if isinstance(told, dict) else {"": None}
