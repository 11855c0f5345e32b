"""What search engines read: which pages there are, and which are nobody's business."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request, url_for

from domain.access import Action
from server.accounts.directory import find_public_county
from server.disclosure import searching
from server.guard import guarded
from server.planning.versions import list_public_plans

blueprint = Blueprint("public_site", __name__)
MOST_FIRMS = 40_000  # a site map may name 50,000 pages
PAGES = (
    "/public", "/public/plans", "/public/items", "/public/draws", "/public/results",
    "/public/results/shown",
    "/public/trail",
    "/public/check",
    "/public/report",
)  # fmt: skip


@blueprint.get("/robots.txt")
@guarded(Action.PUBLIC_READ)
def robots() -> Response:
    """Public pages only; not every choice of a filter, and no files of megabytes."""
    lines = (
        "User-agent: *",
        "Allow: /public",
        "Disallow: /public/language",
        "Disallow: /public/results.json",
        "Disallow: /public/results.csv",
        "Disallow: /public/results?",
        "Disallow: /",
        "Allow: /static/",
        f"Sitemap: {url_for('.sitemap', _external=True)}",
    )
    text = "".join(f"{line}\n" for line in lines)
    return Response(text, mimetype="text/plain", headers={"Cache-Control": "public, max-age=3600"})


@blueprint.get("/public/sitemap.xml")
@guarded(Action.PUBLIC_READ)
def sitemap() -> Response:
    """Every public page with a lasting address; ``?county=`` where there are several."""
    county = find_public_county(request.args.get("county", ""))
    end = f"?county={quote(county.code)}" if request.args.get("county") else ""
    root = request.url_root.rstrip("/")
    places = [*PAGES, *(f"/public/plans/{one.plan_id}" for one in list_public_plans())]
    places += [
        f"/public/results/{quote(code)}" for code in searching.list_firms(county.id, MOST_FIRMS)
    ]
    text = "".join(_document(f"{root}{place}{end}" for place in places))
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(text, mimetype="application/xml", headers=headers)


def _document(addresses: Iterator[str]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for address in addresses:
        yield f"<url><loc>{escape(address)}</loc></url>\n"
    yield "</urlset>\n"
