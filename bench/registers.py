"""Searching a register of 200,000 firms as a clerk does: whole pages over HTTP, one at a time."""

from __future__ import annotations

import http.client
import random
import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

from bench.firms import ACCOUNT, FIRST, PASSWORD, PLACES, uscc_of
from bench.measures import spread
from bench.phone import Refused

EACH = 8
KINDS = ("words", "initials", "credit_code", "licence", "plate")


def measure_search(
    port: int, firms: int, say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Milliseconds by kind, of ``EACH`` searches after two of the kind that warm up; ``all`` is
    all of them, ``front`` the register's first page with what it lacks."""
    desk = Desk(port)
    figures: dict[str, dict[str, float]] = {}
    times: list[float] = []
    for kind in KINDS:
        say(f"searching {firms} firms by {kind.replace('_', ' ')}")
        queries = list(queries_of(kind, firms))
        for query in queries[:2]:
            desk.search(query)
        taken = [desk.search(query) for query in queries[2:]]
        times += taken
        figures[kind] = spread(taken)
    figures["all"] = spread(times)
    desk.open("/registry/firms")
    figures["front"] = spread([desk.open("/registry/firms") for _ in range(EACH)])
    desk.close()
    return figures


def queries_of(kind: str, firms: int) -> Iterator[str]:
    """``EACH`` and two more, other ones in each kind, the same in each run."""
    chance = random.Random(kind)
    for _ in range(EACH + 2):
        number = chance.randrange(firms)
        match kind:
            case "words":  # two of the name's own characters; often with the place
                pair = "".join(chance.choices(FIRST, k=chance.choice((2, 2, 3))))
                yield f"{chance.choice(PLACES)} {pair}" if chance.random() < 0.5 else pair
            case "initials":
                yield "".join(chance.choices("sxhtyaxzrjcxqlgw", k=chance.choice((3, 4))))
            case "credit_code":
                yield uscc_of(number)
            case "licence":
                yield f"140000{number:06d}"
            case _:
                yield plate_of(number - number % 2)


def plate_of(number: int) -> str:
    """As ``bench.firms`` numbers them."""
    return f"晋{'EF'[number // 100_000 % 2]}{number % 100_000:05d}"


class Desk:
    """Somebody in the office with one kept-alive connection."""

    def __init__(self, port: int, account: str = ACCOUNT) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers: dict[str, str] = {}
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._ask("GET", "/sign-in"))
        if token is None:
            raise Refused("the sign-in page has no token")
        form = {"account": account, "password": PASSWORD, "csrf_token": token.group(1)}
        self._ask("POST", "/sign-in", urlencode(form))

    def close(self) -> None:
        self._connection.close()

    def search(self, query: str) -> float:
        """Milliseconds to the whole page."""
        return self.open(f"/registry/firms?q={quote(query)}")

    def open(self, path: str, part: str = 'class="table-block"') -> float:
        """The same for any page; ``part`` is what it must have."""
        start = time.perf_counter()
        text = self._ask("GET", path)
        taken = (time.perf_counter() - start) * 1000
        if part not in text:
            raise Refused(f"{path} is not the page that was meant")
        return taken

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 302):
            raise Refused(f"{method} {path}: {answer.status}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self._headers["Cookie"] = cookie.split(";", 1)[0]
        return text
