"""HTML page for everybody: 随机抽查事项清单 as published (R004). Nothing of it needs a sign-in."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from domain.access import Action
from server.accounts.directory import find_public_county
from server.boundary import whole_number
from server.guard import guarded
from server.registry.items import publication
from server.registry.items.wording import WORDS

blueprint = Blueprint("public_items", __name__, url_prefix="/public/items")


@blueprint.get("")
@guarded(Action.PUBLIC_READ)
def items() -> str:
    """The newest edition, or ``?edition=n``; ``?county=`` where there are several."""
    county = find_public_county(request.args.get("county", ""))
    edition = request.args.get("edition", type=whole_number)
    found = publication.list_publications(county.id)
    shown = publication.get_publication(county.id, edition) if found else None
    return render_template(
        "registry/public_items.html", county=county, shown=shown, editions=found, **WORDS
    )
