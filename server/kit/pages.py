"""``/kit``: every part in all states (DESIGN §9). Registered in development only.

``?lang=en`` and ``?theme=dark`` show the other language and the other theme; ``/kit/error/<code>``
shows the page of a fault.
"""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from domain.access import Action
from domain.errors import FAULTS, fault
from server.guard import guarded
from server.i18n import LOCALES, current_locale
from server.kit import examples
from server.kit.forms import ExampleForm
from server.kit.qr import qr_code
from server.registry.editing.phone_words import PhoneWords
from server.registry.editing.preview import build_preview

blueprint = Blueprint("kit", __name__)


@blueprint.before_request
def choose_language() -> None:
    """``?lang=`` rules over the person's choice and the cookie, for this page only."""
    if (chosen := request.args.get("lang")) in LOCALES:
        g.locale = chosen


@blueprint.get("/kit")
@guarded(Action.KIT_READ)
def kit() -> str:
    """Every part of the page kit."""
    form = ExampleForm()
    refused = ExampleForm(prefix="refused-", data={"kind": "internal"})
    refused.validate()
    return render_template(
        "kit/page.html",
        theme=request.args.get("theme"),
        form=form,
        refused=refused,
        qr=qr_code("https://example.org/public/draws/CQ20260304-ABCDEFGH"),
        phone_entries=build_preview(examples.ENTRIES, words := PhoneWords(current_locale())),
        words=words,
        **examples.everything(),
    )


@blueprint.get("/kit/photo.svg")
@guarded(Action.KIT_READ)
def photo() -> tuple[str, dict[str, str]]:
    """A stand-in for an evidence photograph."""
    return examples.PHOTO, {"Content-Type": "image/svg+xml"}


@blueprint.get("/kit/error/<code>")
@guarded(Action.KIT_READ)
def error(code: str) -> str:
    """The page of one fault of the catalogue."""
    raise fault(code if code in FAULTS else "request.not_found", incident="3f9c21ab")
