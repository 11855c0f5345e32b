"""The table against what is really on record: a new field that nobody decided about is found here;
and the file against its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.disclosure import places_of
from domain.disclosure_table import DISCLOSURE
from server.db import db
from server.disclosure.field_words import field_word
from server.disclosure.files import SCHEMA_PATH
from server.followup.models import FollowUp
from server.publication.models import Publication
from server.results.models import SheetVersion
from sync.content import SIGNED_FIELDS
from tests.integration.disclosure.conftest import Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(app: Flask, county: Callable[[], Office]) -> Iterator[Office]:
    with app.app_context():
        made = county()
        made.publish()
        made.correct()
        made.publish(2)
        made.tell_outcome("PAX-03", "已抄告")
        yield made


def test_somebody_decided_about_each_field_on_record(office: Office) -> None:
    found = {
        ("result", place)
        for one in db.session.query(SheetVersion)
        for place in places_of(one.snapshot)
    }
    found |= {("result", f"items[].answer.{name}") for name in SIGNED_FIELDS}
    for part, table in (("publication", Publication), ("follow_up", FollowUp)):
        found |= {(part, column.name) for column in table.__table__.columns}
    assert ("result", "correction.changes[].old") in found, "the snapshots are whole"
    undecided = sorted(one for one in found if DISCLOSURE.find(*one) is None)
    assert undecided == [], "decide in domain/disclosure_table.py, then add it to docs/open-data.md"


def test_the_table_is_public_itself_each_field_in_words(
    office: Office, visitor: FlaskClient
) -> None:
    page = visitor.get("/public/results/shown").text
    for rule in DISCLOSURE.rules:
        assert field_word(rule) in page, rule
    assert "公示没有期限" in page


def test_the_file_is_what_its_schema_says(office: Office, visitor: FlaskClient) -> None:
    schema = json.loads(visitor.get(SCHEMA_PATH).text)
    document = json.loads(visitor.get("/public/results.json").text)
    assert len(document["results"][0]["versions"]) == 2 and document["results"][0]["outcomes"]
    assert list(breaches(document, schema, schema)) == []
    document["results"][0]["phone"] = "13800001234"
    document["results"][0]["result"] = 9
    assert sorted(breaches(document, schema, schema)) == [
        "results[0].phone: not in the schema", "results[0].result: more than 8",
    ]  # fmt: skip


def breaches(value: Any, schema: Any, root: Any, place: str = "") -> Iterator[str]:
    """As much of JSON Schema as ours uses; a word it does not know is a breach."""
    known = {
        "$defs", "$id", "$ref", "$schema", "additionalProperties", "description", "enum", "format",
        "items", "maximum", "minItems", "minimum", "oneOf", "properties", "required", "title",
        "type",
    }  # fmt: skip
    yield from (f"{place}: {word} is not read" for word in schema.keys() - known)
    if "$ref" in schema:
        yield from breaches(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, place)
    if "oneOf" in schema:
        fits = [one for one in schema["oneOf"] if not list(breaches(value, one, root, place))]
        yield from () if len(fits) == 1 else (f"{place}: fits {len(fits)}",)
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: not one of the words"
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
    allowed = schema.get("type", [])
    allowed = [allowed] if isinstance(allowed, str) else allowed
    if allowed and not any(
        value is None if one == "null" else isinstance(value, kinds[one]) for one in allowed
    ):
        yield f"{place}: not {allowed}"
        return
    if isinstance(value, int) and value > schema.get("maximum", value):
        yield f"{place}: more than {schema['maximum']}"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{place}: less than {schema['minimum']}"
    if isinstance(value, str) and schema.get("format"):
        kind = {"date": date, "date-time": datetime}[schema["format"]]
        if not re.match(r"\d{4}-\d{2}-\d{2}", value) or not kind.fromisoformat(value):
            yield f"{place}: not a {schema['format']}"
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{place}: too few"
        for number, one in enumerate(value):
            yield from breaches(one, schema["items"], root, f"{place}[{number}]")
    if isinstance(value, dict) and "properties" in schema:
        told, wanted = schema["properties"], set(schema["required"])
        yield from (f"{place}: without {name}" for name in wanted - value.keys())
        for name, one in value.items():
            where = f"{place}.{name}".lstrip(".")
            if name not in told:
                yield f"{where}: not in the schema"
            else:
                yield from breaches(one, told[name], root, where)
