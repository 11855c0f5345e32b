"""A browser without a script: it reads a page's forms and sends one of them, as HTML says."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.integration.builders import Field

Values = dict[str, Any]
TEXTAREA = re.compile(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', re.S)


def forms(text: str) -> dict[str, Values]:
    """By action what each form of a page sends when nothing is touched; of the forms with the same
    action the first. Radios and checkboxes count where they are checked."""
    found: dict[str, Values] = {}
    for head, body in re.findall(r"<form([^>]*)>(.*?)</form>", text, re.S):
        values: Values = {}
        for tag in re.findall(r"<input[^>]*>", body):
            names = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            kind = names.get("type", "text")
            is_off = kind in {"radio", "checkbox"} and " checked" not in tag
            if "name" in names and kind != "file" and not is_off:
                values[names["name"]] = html.unescape(names.get("value", "y"))
        for name, inner in re.findall(
            r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', body, re.S
        ):
            values[name] = html.unescape(inner).strip()
        found.setdefault(dict(re.findall(r'([\w-]+)="([^"]*)"', head))["action"], values)
    return found


def sheet_path(field: Field) -> str:
    return f"/fill/{field.inspection_id}/tr"


def item_path(field: Field, item: str) -> str:
    return f"{sheet_path(field)}/{item}"


def open_item(client: FlaskClient, field: Field, item: str) -> Values:
    """The values of an entry's form as shown."""
    page = client.get(item_path(field, item))
    assert page.status_code == 200, page.text
    return forms(page.text)[item_path(field, item)]


def save(client: FlaskClient, field: Field, item: str, **typed: Any) -> TestResponse:
    """Opens the entry, fills and sends it."""
    return send(client, field, item, open_item(client, field, item), **typed)


def send(client: FlaskClient, field: Field, item: str, shown: Values, **typed: Any) -> TestResponse:
    """Sends a form that was opened before."""
    return client.post(
        item_path(field, item), data={**shown, **typed}, content_type="multipart/form-data"
    )
