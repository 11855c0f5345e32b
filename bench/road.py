"""One database from empty to full: pushes, pulls, deltas and photos, in the order of a year."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.floor import measure_floor, measure_http_floor
from bench.measures import DELTA_ROWS, Slot, measure_delta, measure_pull, measure_push
from bench.phone import Phone
from bench.photos import measure_photos
from bench.seed import Seeded

PHOTO_PHONES = 4
FILL_BATCH = 200


@dataclass(frozen=True)
class Road:
    """How much of everything. ``few`` and ``many`` are rows stored when the deltas are measured."""

    phones: int
    records: int
    rounds: int
    batch: int
    few: int
    many: int
    photos: int
    threads: int

    @property
    def slots(self) -> int:
        """Answers there must be room for."""
        measured = 2 * self.records * self.rounds + 2 * DELTA_ROWS + self.records
        return max(self.few, self.many) + measured


def measure_road(
    road: Road,
    seeded: Seeded,
    port: int,
    pid: int,
    home: Path,
    url: str | None,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """All figures of one database."""
    slots = [Slot(space, seeded.sheet, item) for space in seeded.spaces for item in seeded.items]
    left = iter(slots)

    def take(count: int) -> list[Slot]:
        return [next(left) for _ in range(count)]

    def sign_in(number: int, device: str) -> Phone:
        return Phone("127.0.0.1", port, *seeded.accounts[number % len(seeded.accounts)], device)

    phones = [sign_in(n, f"dev_bench{n}") for n in range(road.phones)]
    reader = sign_in(0, "dev_reader")
    figures: dict[str, Any] = {}
    try:
        warm = take(road.records)
        measure_push(phones, warm, road.batch)
        say("the floor: the same bytes into one plain table")
        figures["floor_rows_per_second"] = measure_floor(
            home, url, clients=road.phones, records=road.records * road.rounds, batch=road.batch
        )
        figures["http_floor_rows_per_second"] = measure_http_floor(
            home,
            url,
            clients=road.phones,
            threads=road.threads,
            records=road.records * road.rounds,
            batch=road.batch,
        )
        say(f"pushing {road.rounds} × {road.records} into an empty database")
        pushed = take(road.records * road.rounds)
        figures["push_empty"] = _push_rounds(road, phones, pushed, pid)
        say("pulling one round of them")
        spaces = sorted({slot.space for slot in pushed[: road.records]})
        figures["pull"], _ = measure_pull(reader, spaces)
        stored = len(warm) + len(pushed)
        for name, rows in (("delta_few", road.few), ("delta_many", road.many)):
            say(f"filling up to {rows} rows")
            _fill(phones, take(_even(rows - stored, road.phones)))
            stored = max(stored, rows)
            _, cursors = measure_pull(reader, seeded.spaces)
            measure_push(phones[:1], take(DELTA_ROWS), road.batch)
            figures[name] = measure_delta(reader, cursors, stored)
        say(f"pushing {road.rounds} × {road.records} more")
        figures["push_full"] = _push_rounds(road, phones, take(road.records * road.rounds), pid)
        say(f"sending {road.photos} photos")
        senders = [phones[0], *(sign_in(0, f"dev_photo{n}") for n in range(1, PHOTO_PHONES))]
        entity = f"answer:{seeded.sheet}/{seeded.items[0]}"
        figures["photos"] = measure_photos(senders, seeded.spaces[0], entity, road.photos, pid)
    finally:
        for phone in (*phones, reader):
            phone.close()
    return {"figures": figures, "shares": _shares(figures)}


def _even(count: int, phones: int) -> int:
    return max(0, count) // phones * phones


def _fill(phones: Sequence[Phone], slots: Sequence[Slot]) -> None:
    """By the same road as everything else: pushed, judged, receipted."""
    if slots:
        measure_push(phones, slots, FILL_BATCH)


def _push_rounds(
    road: Road, phones: Sequence[Phone], slots: Sequence[Slot], pid: int
) -> dict[str, Any]:
    """The round whose rate is the median of all."""
    rounds = [
        measure_push(phones, slots[at : at + road.records], road.batch, pid)
        for at in range(0, len(slots), road.records)
    ]
    middle = statistics.median_low(one["records_per_second"] for one in rounds)
    chosen = next(one for one in rounds if one["records_per_second"] == middle)
    return chosen | {"rates": [one["records_per_second"] for one in rounds]}


def _shares(figures: dict[str, Any]) -> dict[str, float]:
    """Ours of the floor in percent; full against empty, 1.0 being as fast as before."""
    empty, full = figures["push_empty"], figures["push_full"]
    few, many = (figures[name]["request_ms"]["median"] for name in ("delta_few", "delta_many"))
    rate, floor = empty["records_per_second"], figures["floor_rows_per_second"]
    return {
        "floor_percent": round(100 * rate / floor),
        "http_floor_percent": round(100 * rate / figures["http_floor_rows_per_second"]),
        "push_rate": round(full["records_per_second"] / rate, 2),
        "push_latency": round(empty["request_ms"]["median"] / full["request_ms"]["median"], 2),
        "delta_latency": round(few / many, 2),
    }
