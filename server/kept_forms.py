"""What somebody typed outlives the session, also without a script: the refusal carries it, the
sign-in takes it along, and the page that follows offers to send it.

Only what a page of this site sent is kept: nobody may be led to send what another site wrote.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import HTTPException

PAGE_FIELD = "_page"  # the address a form stands on; a refused form stands on that of its answer
MOST_CHARACTERS = 200_000  # in one hidden field, well below what a form may hold
# a signature is written anew by whoever signs in
_NEVER = {"csrf_token", PAGE_FIELD, "kept", "signature"}
_WORDS = re.compile(r"[\u3400-\u9fff]|\S{8}|\S \S")
_NOT_OFFERED = {"/sign-in", "/sign-out", "/language"}


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``fields`` as they were sent, in their order, without passwords and files; ``page`` is where
    the form stands."""

    action: str
    page: str
    fields: tuple[tuple[str, str], ...]

    @property
    def words(self) -> list[str]:
        """What a person will recognise of it: not the codes behind choices."""
        return [value for _name, value in self.fields if _WORDS.search(value)]

    def dump(self) -> str:
        """For one hidden field of the sign-in form."""
        return json.dumps([self.action, self.page, self.fields], ensure_ascii=False)


def own_path(text: str) -> str:
    """A path of this site, or nothing."""
    parts = urlsplit(text)
    is_own = re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", text) is not None
    return text if is_own and not parts.netloc and not parts.scheme else ""


def page_address() -> str:
    """Where the page at hand can be opened again: its own address, or that of the form whose
    answer it is."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        return own_path(request.form.get(PAGE_FIELD, ""))
    except HTTPException:  # a body that was refused itself; its error page asks too
        return ""


def keep_form() -> KeptForm | None:
    """What this request brought, where it may be offered again."""
    if request.method != "POST" or request.path in _NOT_OFFERED or not _is_from_here():
        return None
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:
        return None
    fields = tuple(
        (name, value)
        for name, value in sent
        if name not in _NEVER and "password" not in name.lower()
    )
    kept = KeptForm(request.full_path.rstrip("?"), page_address(), fields)
    return kept if fields and len(kept.dump()) <= MOST_CHARACTERS else None


def read_kept(text: str) -> KeptForm | None:
    """What ``dump`` wrote; None for anything else."""
    try:
        action, page, fields = json.loads(text) if text else ("", "", [])
        kept = KeptForm(action, page, tuple((name, value) for name, value in fields))
    except (ValueError, TypeError):
        return None
    texts: list[Any] = [kept.action, kept.page, *(one for pair in kept.fields for one in pair)]
    if not all(isinstance(one, str) for one in texts) or not own_path(kept.action):
        return None
    return KeptForm(kept.action, own_path(kept.page), kept.fields)


def _is_from_here() -> bool:
    """Browsers name the origin of every POST to another site; who names none is none of them."""
    origin = request.headers.get("Origin")
    named = origin if origin is not None else request.referrer
    return named is None or urlsplit(named).netloc == request.host
