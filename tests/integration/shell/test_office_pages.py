"""All office pages of the demo county, reached by their links: no form loses what was typed when
the session ends meanwhile, and each number on a card is the length of the list behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from server.db import db, unit_of_work
from server.kept_forms import read_kept
from server.registry.models import Firm, Officer
from server.runtime import today
from tools.busy_county import County

TYPED = {"text", "search", "tel", "number", "date", "datetime-local", "time", "email", "url"}
TICKED = {"checkbox", "radio"}


@dataclass
class Form:
    """A form that is posted: ``fields`` as a browser would send them, ``typed`` names of what a
    person fills in."""

    action: str
    draft: str | None
    is_resumed: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)

    def without_token(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.fields if name not in ("csrf_token", "_page")]

    def value(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")


class Reader(HTMLParser):
    """The forms and links of a page, and the cards: (number, address)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.cards: list[tuple[int, str]] = []
        self._form: Form | None = None
        self._area = ""
        self._card = ""
        self._is_number = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            if "download" not in given:
                self.links.append(given.get("href", ""))
            if "card" in given.get("class", "").split():
                self._card = given["href"]
        self._is_number = "card-number" in given.get("class", "")
        if tag == "form" and given.get("method") == "post":
            self._form = Form(given["action"], given.get("data-draft"), "data-resumes" in given)
            self.forms.append(self._form)
        elif self._form is not None and given.get("name"):
            self._note(self._form, tag, given)

    def _note(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", "text")
        if tag == "input" and kind == "hidden":
            form.fields.append((name, given.get("value", "")))
        elif tag == "textarea" or (tag == "input" and kind in TYPED):
            form.typed.add(name)
            form.fields.append((name, f"填写的 <{len(form.fields)}>\n第二行" if tag == "textarea"
                                else f"填写的 “{len(form.fields)}”"))  # fmt: skip
        elif tag == "select" or (tag == "input" and kind in TICKED):
            form.typed.add(name)
            form.fields.append((name, given.get("value", "选中的")))

    def handle_data(self, data: str) -> None:
        if self._is_number and data.strip():
            self.cards.append((int(data), self._card))
            self._is_number = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    found = County(tmp_path_factory.mktemp("county"))
    yield found
    found.close()


def browser_of(county: County, account: str) -> FlaskClient:
    client = county.app.test_client()
    form = Reader(client.get("/sign-in").text).forms[-1]
    data = {"csrf_token": form.value("csrf_token"), "account": account, "password": county.password}
    assert client.post("/sign-in", data=data).status_code == 302
    return client


def walk(county: County, client: FlaskClient) -> dict[str, str]:
    """Address → page, one of each kind (route), whatever leads there."""
    urls = county.app.url_map.bind("localhost")
    pages: dict[str, str] = {}
    kinds: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        try:
            kind, _values = urls.match(urlsplit(path).path, method="GET")
        except (RoutingException, HTTPException):
            continue
        if kind in kinds or not path.startswith("/") or path.startswith("/public"):
            continue
        kinds.add(kind)
        answer = client.get(path)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            pages[path] = answer.text
            waiting += Reader(answer.text).links
        answer.close()
    return pages


@pytest.fixture(scope="module")
def forms(county: County) -> dict[str, list[tuple[str, Form]]]:
    """Account → each kind of form a person fills in, with the page it stands on."""
    found: dict[str, list[tuple[str, Form]]] = {}
    urls = county.app.url_map.bind("localhost")
    for account in ("bangong", "guanli"):
        kinds: set[str] = set()
        for path, page in walk(county, browser_of(county, account)).items():
            typed = [one for one in Reader(page).forms if one.typed and one.action != "/language"]
            names = [(one.action, one.draft) for one in typed]
            assert len(names) == len(set(names)), f"{path}: two forms keep under one name"
            for one in typed:
                assert one.draft, f"{path}: {one.action} does not keep what is typed"
                kind, _values = urls.match(urlsplit(one.action).path, method="POST")
                if kind not in kinds:
                    kinds.add(kind)
                    found.setdefault(account, []).append((path, one))
    return found


def test_what_was_typed_when_the_session_ended_is_there_after_the_sign_in(
    county: County, forms: dict[str, list[tuple[str, Form]]]
) -> None:
    assert sum(map(len, forms.values())) > 30
    for account, several in forms.items():
        client = browser_of(county, account)
        for path, known in several:
            form = next(one for one in Reader(client.get(path).text).forms if same(one, known))
            with client.session_transaction() as session:
                del session["token"]
            sign_in = asked_to_sign_in(client, form)
            data = dict(sign_in.fields) | {"account": account, "password": county.password}
            kept = resumed(client.post("/sign-in", data=data).text)
            assert (kept.action, kept.without_token()) == (form.action, form.without_token()), path
            back = Reader(client.get(kept.value("_page")).text).forms
            assert any(same(one, form) for one in back), path


def test_what_was_typed_is_there_when_the_whole_cookie_is_gone(
    county: County, forms: dict[str, list[tuple[str, Form]]]
) -> None:
    client = county.app.test_client()
    for path, form in (one for several in forms.values() for one in several):
        kept = read_kept(asked_to_sign_in(client, form).value("kept"))
        assert kept and (kept.action, list(kept.fields)) == (form.action, form.without_token()), (
            path
        )
        client.delete_cookie("suicha")


def test_wrong_password_and_a_token_that_went_by_lose_nothing(
    county: County, forms: dict[str, list[tuple[str, Form]]]
) -> None:
    client = browser_of(county, "bangong")
    _path, form = forms["bangong"][0]
    form.fields = [(n, "stale" if n == "csrf_token" else value) for n, value in form.fields]
    assert resumed(_sent(client, form)).without_token() == form.without_token()
    client.delete_cookie("suicha")
    sign_in = asked_to_sign_in(client, form)
    data = dict(sign_in.fields) | {"account": "bangong", "password": "wrong"}
    again = Reader(client.post("/sign-in", data=data).text).forms[-1]
    assert again.value("kept") == sign_in.value("kept")


def same(one: Form, other: Form) -> bool:
    return (one.action, one.draft) == (other.action, other.draft)


def asked_to_sign_in(client: FlaskClient, form: Form) -> Form:
    return next(one for one in Reader(_sent(client, form)).forms if one.action == "/sign-in")


def resumed(page: str) -> Form:
    return next(one for one in Reader(page).forms if one.is_resumed)


def _sent(client: FlaskClient, form: Form) -> str:
    pairs: dict[str, list[str]] = {}
    for name, value in form.fields:
        pairs.setdefault(name, []).append(value)
    answer = client.post(form.action, data=pairs, headers={"Origin": "http://localhost"})
    assert answer.status_code in (400, 401), form.action
    return answer.text


def test_kept_form_is_sent_from_the_page_after_the_sign_in(county: County) -> None:
    client = browser_of(county, "bangong")
    path = "/registry/firms/1/edit"
    form = next(one for one in Reader(client.get(path).text).forms if one.action == path)
    with county.desk():
        firm = db.session.get_one(Firm, 1)
        typed = {"name": "改过名的公司", "uscc": firm.uscc, "category": firm.category,
                 "seen": form.value("seen"), "tier": "", "industry_tier": "", "vehicle_count": "3",
                 "_page": path}  # fmt: skip
    with client.session_transaction() as session:
        del session["token"]
    token = {"csrf_token": form.value("csrf_token")}
    asked = Reader(client.post(path, data=typed | token).text).forms[-1]
    data = dict(asked.fields) | {"account": "bangong", "password": county.password}
    kept = resumed(client.post("/sign-in", data=data).text)
    assert client.post(kept.action, data=dict(kept.fields)).status_code == 302
    assert "改过名的公司" in client.get("/registry/firms/1").text


def test_what_another_site_sends_is_offered_to_nobody(county: County) -> None:
    client = county.app.test_client()
    typed = {"name": "别处写的", "password": "x"}
    for origin in ("https://elsewhere.example", "null"):
        answer = client.post("/registry/firms/new", data=typed, headers={"Origin": origin})
        assert answer.status_code == 400 and "别处写的" not in answer.text
    own = client.post("/registry/firms/new", data=typed, headers={"Origin": "http://localhost"})
    assert "别处写的" in own.text and '"password", "x"' not in own.text.replace("&#34;", '"')


def test_each_number_on_a_card_is_the_length_of_the_list_behind_it(county: County) -> None:
    make_uneven(county)
    client = browser_of(county, "bangong")
    followed = 0
    for path in ("/registry/firms", "/registry/officers", "/registry/risk", "/plans/coverage"):
        page = client.get(path).text
        links = re.findall(r'<a href="(/registry/[^"]+)">[^<]*</a> (\d+) 户', page)
        cards = [*Reader(page).cards, *((int(n), href.replace("&amp;", "&")) for href, n in links)]
        for number, href in cards:
            if href.startswith("#"):
                shown = rows_of(page[page.index(f'id="{href[1:]}"') :])
            else:
                shown = rows_of(client.get(path + href if href[0] == "?" else href).text)
            assert shown == number, f"{path}: {href} lists {shown}, the card says {number}"
            followed += number > 0
    assert followed >= 12


def rows_of(page: str) -> int:
    found = re.search(r'<p class="count"[^>]*>(?:本页 \d+ 条，)?共 (\d+) 条', page)
    return int(found[1]) if found else 0


def make_uneven(county: County) -> None:
    """Something of everything a card counts, among the closed and the inactive as well."""
    with county.desk(), unit_of_work() as work:
        firms = list(work.scalars(select(Firm).order_by(Firm.id)))
        for place, firm in enumerate(firms):
            firm.is_active = place % 5 != 0
            firm.status = "open" if firm.is_active else "closed"
            firm.tier_as_of = [None, today(), today() - timedelta(days=400)][place % 3]
            if place % 4 == 0:
                firm.tier = firm.lat_e7 = firm.lng_e7 = None
            if place % 7 == 0:
                firm.licence_no = firm.contact_phone = ""
        for place, officer in enumerate(work.scalars(select(Officer).order_by(Officer.id))):
            officer.is_active = place % 4 != 0
            officer.labels = [] if place % 3 == 0 else officer.labels
            officer.cert_expires_on = today() + timedelta(days=[-3, 20, 500][place % 3])
