"""Results as files for everybody, JSON and CSV (docs/open-data.md). Written while they are sent: a
year of a large county is never in memory as a whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from domain.tabular import guard_formula
from server.disclosure.searching import Wanted, walk_results
from server.disclosure.telling import tell_results

SCHEMA_PATH = "/public/schema/result.json"
MOST_ROWS = 100_000  # of one file; a year of the largest county is less
BOM = "\ufeff"  # without it Excel reads UTF-8 as GBK
COLUMNS = (
    "number", "sheet", "draw", "firm_name", "uscc", "task_number", "task_name", "department",
    "inspected_on", "officers", "result", "result_text", "problems", "version", "published_on",
    "channel", "address", "is_corrected", "correction_reason", "awaits_correction", "outcomes",
    "page",
)  # fmt: skip
Page = Callable[[int, str], str]


def write_json(county_id: int, head: dict[str, Any], wanted: Wanted, page: Page) -> Iterator[str]:
    """``head`` first, then ``results`` one to a line. ``page`` answers the address of a visit."""
    start = json.dumps(head, ensure_ascii=False)
    yield f'{start[:-1]}, "results": ['
    separator = "\n"
    for rows in walk_results(county_id, wanted):
        pages = [page(row.inspection_id, row.sheet_code) for row in rows]
        for told, address in zip(tell_results(rows), pages, strict=True):
            yield separator + json.dumps({**told, "page": address}, ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def write_csv(county_id: int, wanted: Wanted, page: Page) -> Iterator[str]:
    """One line a result, UTF-8 with a mark so that spreadsheets know; nothing in it is a
    formula."""
    yield BOM + _line(COLUMNS)
    for rows in walk_results(county_id, wanted):
        pages = [page(row.inspection_id, row.sheet_code) for row in rows]
        lines = [
            _line(_cells(told, address))
            for told, address in zip(tell_results(rows), pages, strict=True)
        ]
        yield "".join(lines)


def _cells(told: dict[str, Any], address: str) -> list[str]:
    version = told["versions"][0]
    worst = [one for one in version["items"] if one["result"] == told["result"]]
    outcomes = (f"{one['code']} {one['outcome']}" for one in told["outcomes"])
    return [
        told["number"],
        told["sheet"],
        told["task"]["draw"],
        told["firm"]["name"],
        told["firm"]["uscc"],
        told["task"]["number"],
        told["task"]["name"],
        told["department"]["name"],
        told["inspected_on"],
        "、".join(told["officers"]),
        str(told["result"]),
        worst[0]["result_text"] if worst else "",
        str(told["problems"]),
        str(version["version"]),
        told["published_on"],
        version["publication"]["channel"],
        version["publication"]["address"],
        "1" if version["version"] > 1 else "0",
        version["reason"],
        "1" if told["awaits_correction"] else "0",
        "；".join(outcomes),
        address,
    ]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([guard_formula(" ".join(cell.split())) for cell in cells])
    return text.getvalue()
