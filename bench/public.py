"""Looking for results as a citizen does, among 200,000: whole pages over HTTP, one at a time."""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from bench.firms import FIRST, PLACES, SUFFIXES, uscc_of
from bench.measures import spread
from bench.phone import Refused
from bench.results import TASKS, VISITS

EACH = 20
KINDS = (
    "first_page", "deep_page", "firm_name", "common_word", "common_word_deep", "credit_code",
    "task", "task_deep", "month", "result", "department_and_year", "one_firm",
)  # fmt: skip


def measure_public(
    port: int, results: int, say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Milliseconds by kind, of ``EACH`` pages after two that warm up; ``all`` is all of them."""
    visitor = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    figures: dict[str, dict[str, float]] = {}
    times: list[float] = []
    for kind in KINDS:
        say(f"looking for results: {kind.replace('_', ' ')}")
        paths = list(paths_of(kind, results))
        taken = [_open(visitor, path) for path in paths][2:]
        times += taken
        figures[kind] = spread(taken)
    figures["all"] = spread(times)
    visitor.close()
    return figures


def paths_of(kind: str, results: int) -> Iterator[str]:
    """``EACH`` and two more, other ones in each kind, the same in each run."""
    chance = random.Random(kind)
    for _ in range(EACH + 2):
        number = chance.randrange(results // VISITS)
        page = chance.randrange(results // 100, results // 50 - 2)
        asked: dict[str, object] = {}
        match kind:
            case "deep_page":
                asked = {"page": page}
            case "firm_name":  # two or three of the name's own characters; often with the place
                pair = "".join(chance.choices(FIRST, k=chance.choice((2, 2, 3))))
                words = f"{chance.choice(PLACES)} {pair}" if chance.random() < 0.5 else pair
                asked = {"q": words}
            case "common_word":
                asked = {"q": chance.choice(list(SUFFIXES.values()))}
            case "common_word_deep":
                asked = {"q": "有限公司", "page": page // 2}
            case "credit_code":
                asked = {"q": uscc_of(number)}
            case "task":
                asked = {"task": chance.randint(1, TASKS)}
            case "task_deep":
                asked = {"task": chance.randint(1, TASKS), "page": page // TASKS}
            case "month":
                year, month = chance.randint(2020, 2026), chance.randint(1, 12)
                asked = {"from": f"{year}-{month:02d}-01", "to": f"{year}-{month:02d}-28"}
            case "result":
                asked = {"result": chance.choice(("problem", 4, 5, 8, 7))}
            case "department_and_year":
                asked = {"department": chance.choice((1, 2)), "year": chance.randint(2020, 2026)}
            case "one_firm":
                yield f"/public/results/{uscc_of(number)}"
                continue
        yield f"/public/results?{urlencode(asked)}"


def _open(visitor: http.client.HTTPConnection, path: str) -> float:
    start = time.perf_counter()
    visitor.request("GET", path)
    answer = visitor.getresponse()
    text = answer.read().decode()
    taken = (time.perf_counter() - start) * 1000
    if answer.status != 200 or 'class="table-block"' not in text:
        raise Refused(f"{path}: {answer.status}")
    return taken
