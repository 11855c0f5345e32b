"""The public page of the trail: the signed root of each day, for whoever wants to hold us to it."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from server.accounts.directory import find_public_county
from server.audit import roots
from server.custody.keys import list_keys
from server.guard import guarded
from server.visitors import answer_page

blueprint = Blueprint("public_trail", __name__, url_prefix="/public/trail")
Page = str | AnyResponse
SHOWN_ROOTS = 60  # two months of days; the file has all


@blueprint.get("")
@guarded(Action.PUBLIC_READ)
def trail() -> Page:
    """The newest roots; ``?county=`` where there are several. Who opens it first on a day has that
    day's root made."""
    county = find_public_county(request.args.get("county", ""))
    roots.ensure_daily_root(county.id)
    found = roots.list_roots(county.id)
    page = render_template(
        "public/trail.html", county=county, roots=found[::-1][:SHOWN_ROOTS], total=len(found),
        keys=list_keys() if found else [],
    )  # fmt: skip
    return answer_page(page)


@blueprint.get("/roots.json")
@guarded(Action.PUBLIC_READ)
def download() -> Page:
    """Every root with its signature, and the keys: what ``suicha audit verify --roots`` reads."""
    county = find_public_county(request.args.get("county", ""))
    roots.ensure_daily_root(county.id)
    text = json.dumps(roots.dump_trail(county.id), ensure_ascii=False, indent=2)
    headers = {
        "Content-Disposition": f'attachment; filename="trail-{county.code}.json"',
        "Cache-Control": "public, no-cache",
    }
    answer = Response(text, mimetype="application/json", headers=headers)
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest())
    return answer.make_conditional(request)
