"""The figures as the table that stands in docs/performance.md."""

from __future__ import annotations

from typing import Any


def dump_table(document: dict[str, Any]) -> str:
    """Markdown: the machine in one line, then a row for each figure, a column for each database."""
    machine, runs = document["machine"], document["runs"]
    lines = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_mib'] // 1024} GiB, "
        f"Linux {machine['kernel']}, Python {machine['python']}, SQLite {machine['sqlite']}, "
        f"fsync {machine['fsync_ms']} ms; load average {machine['load_before']:.1f} before and "
        f"{machine['load_after']:.1f} after the run.",
    ]
    if runs:
        lines += _server_table(runs)
    if document["imports"]:
        lines += _import_table(document["imports"])
    if document["draws"]:
        lines += _draw_table(document["draws"])
    if document["registers"]:
        lines += _pages_table(document["registers"], "firms in the register", "firms")
    if document["public"]:
        lines += _pages_table(document["public"], "published results", "results")
    if document["archive"]:
        lines += _archive_table(document["archive"])
    if document["days"]:
        lines += _pages_table(document["days"], "visits on the lead's day", "visits")
    if document["boards"]:
        lines += _pages_table(document["boards"], "open visits on the deadline board", "visits")
    if document["recounts"]:
        lines += _recount_table(document["recounts"])
    if document["statistics"]:
        lines += _pages_table(document["statistics"], "visits in five years", "visits")
    if document["pushes"]:
        lines += _push_table(document["pushes"])
    if document["reports"]:
        lines += _reports_table(document["reports"])
    if document["thumbnails"]:
        lines += _thumbnail_table(document["thumbnails"])
    if document["phone"]:
        lines += _phone_table(document["phone"])
    return "\n".join(lines)


def _server_table(runs: list[dict[str, Any]]) -> list[str]:
    lines = [
        "",
        "| | " + " | ".join(_name(run) for run in runs) + " |",
        "|---|" + "---|" * len(runs),
    ]
    for title, tell in ROWS:
        told = (tell(run["figures"], run["shares"]) for run in runs)
        lines.append(f"| {title} | " + " | ".join(told) + " |")
    return lines


def _import_table(imports: list[dict[str, Any]]) -> list[str]:
    """A row for each file: what a second does, and the process's memory."""
    lines = [
        "",
        "| import | rows | upload | preview | confirmation | undo | memory before, at most |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in imports:
        seconds, rate, peak = one["seconds"], one["rows_per_second"], one["peak_mib"]
        told = [f"{seconds[n]} s, {rate[n]} rows/s" for n in ("preview", "confirm", "undo")]
        lines.append(
            f"| {one['database']}, {one['form']} ({one['kilobytes']} kB) | {one['rows']} "
            f"| {seconds['upload']} s | {' | '.join(told)} "
            f"| {peak['before']}, {peak['after']} MiB |"
        )
    return lines


def _draw_table(draws: list[dict[str, Any]]) -> list[str]:
    """A row for each step of each database."""
    lines = ["", "| draw | seconds by the clock | of the processor |", "|---|---|---|"]
    for one in draws:
        size = f"{one['drawn']} of {one['firms']} firms, {one['officers']} officers"
        lines += [
            f"| {one['database']}, {size}: {name} | {spent['clock']} | {spent['processor']} |"
            for name, spent in one["seconds"].items()
        ]
    return lines


def _pages_table(runs: list[dict[str, Any]], of: str, counted: str) -> list[str]:
    """A row for each kind of search: median and 95th percentile of the whole page."""
    lines = [
        "",
        f"{runs[0][counted]} {of}, a page at a time.",
        "",
        "| ms, median and p95 | " + " | ".join(run["database"] for run in runs) + " |",
        "|---|" + "---|" * len(runs),
    ]
    for kind in runs[0]["page_ms"]:
        told = (run["page_ms"][kind] for run in runs)
        cells = (f"{one['median']:.0f}, {one['p95']:.0f}" for one in told)
        lines.append(f"| {kind.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return lines


def _recount_table(runs: list[dict[str, Any]]) -> list[str]:
    """A row for each deed of the clock on each database."""
    lines = [
        "",
        f"The terms of {runs[0]['visits']} visits in five years.",
        "",
        "| recount | written | seconds | of the processor | MiB at most |",
        "|---|---|---|---|---|",
    ]
    for run in runs:
        lines += [
            f"| {run['database']}: {deed.replace('_', ' ')} | {one['written']} | {one['seconds']} "
            f"| {one['processor']} | {one['peak_mib']['before']} → {one['peak_mib']['after']} |"
            for deed, one in run["deeds"].items()
        ]
    return lines


def _push_table(pushes: list[dict[str, Any]]) -> list[str]:
    """A row for each database; each message came once."""
    lines = [
        "",
        "| Web Push | messages | written, s | sent, s | messages per second |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one['database']} | {one['messages']} | {one['seconds']['write']} "
        f"| {one['seconds']['send']} | {one['per_second']} |"
        for one in pushes
    ]
    return lines


def _reports_table(runs: list[dict[str, Any]]) -> list[str]:
    """A row for each report, and the memory of the process that made them."""
    rows = {
        "annex 1, s": "annex1_s",
        "annex 2, s": "annex2_s",
        "both workbooks, s": "workbooks_s",
        "memory before, MB": "before_mb",
        "memory at most, MB": "peak_mb",
    }
    return [
        "",
        f"{runs[0]['inspections']} inspections, all drawn in the year.",
        "",
        "| | " + " | ".join(run["database"] for run in runs) + " |",
        "|---|" + "---|" * len(runs),
        *(
            f"| {title} | " + " | ".join(f"{run[name]:g}" for run in runs) + " |"
            for title, name in rows.items()
        ),
    ]


def _thumbnail_table(told: dict[str, Any]) -> list[str]:
    """Made for the first time, and asked for again."""
    lines = [
        "",
        f"| thumbnails of {told['photos']} photos, {told['asking']} at once, {told['workers']} "
        f"× {told['threads']} threads | a second | ms of the processor each | kB each |",
        "|---|---|---|---|",
    ]
    for title, one in (("made", told["made"]), ("kept", told["kept"])):
        lines.append(
            f"| {title} | {one['a_second']} | {one['processor_ms_each']} "
            f"| {one['kilobytes_each']} |"
        )
    return lines


def _archive_table(told: dict[str, Any]) -> list[str]:
    """A row for each form; the memory is both forms' together."""
    peak = told["peak_mib"]
    lines = [
        "",
        f"| file of {told['photos']} photos | seconds by the clock | of the processor | kB |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {form.upper()} | {spent['clock']} | {spent['processor']} | {told['kilobytes'][form]} |"
        for form, spent in told["seconds"].items()
    ]
    lines += [
        "",
        f"Memory at most: server {peak['server_before']} → {peak['server']} MiB, the press "
        f"{peak['press']} MiB.",
    ]
    return lines


def _phone_table(phone: dict[str, Any]) -> list[str]:
    """A row for each step, in milliseconds."""
    runs, held = phone["runs"], phone["held"]
    lines = [
        "",
        f"A phone that holds {held['rows']} rows, {held['outbox']} operations and "
        f"{held['photos']} photos; its processor slowed down {phone['slowdown']} times.",
        "",
        f"| ms | median of {len(runs)} | least | most | first start |",
        "|---|---|---|---|---|",
    ]
    for name, median in phone["median"].items():
        values = [run[name] for run in runs]
        first = phone["first_start"][name]
        told = f"{median} | {min(values):.0f} | {max(values):.0f} | {first:.0f}"
        lines.append(f"| {name.removesuffix('_ms')} | {told} |")
    return lines


def _name(run: dict[str, Any]) -> str:
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[run["database"]]
    return f"{kind}, {run['workers']} × {run['threads']} threads"


def _push(name: str) -> Any:
    def tell(figures: dict[str, Any], _shares: dict[str, float]) -> str:
        one = figures[name]
        took, held = one["request_ms"], one["held_ms"]
        return (
            f"{one['records_per_second']}/s, {one['server_cpu_us_per_record']} µs of the server's "
            f"processors each; a batch {took['median']:.0f} ms, p95 "
            f"{took['p95']:.0f} ms; locks held {held['median']:.1f} ms, p95 {held['p95']:.1f} ms"
        )

    return tell


def _delta(name: str) -> Any:
    def tell(figures: dict[str, Any], _shares: dict[str, float]) -> str:
        one = figures[name]
        took = one["request_ms"]
        return f"{took['median']:.0f} ms, p95 {took['p95']:.0f} ms, of {one['among_rows']} rows"

    return tell


def _pull(figures: dict[str, Any], _shares: dict[str, float]) -> str:
    one = figures["pull"]
    return f"{one['seconds']:.2f} s, {one['kilobytes']} kB, {one['rows']} rows"


def _photos(figures: dict[str, Any], _shares: dict[str, float]) -> str:
    one, memory = figures["photos"], figures["photos"]["server_mib"]
    return (
        f"{one['mb_per_second']} MB/s, {one['server_cpu_ms_each']} ms of the server's processors "
        f"each; server {memory['before']} → {memory['most']} → "
        f"{memory['after']} MiB"
    )


ROWS: tuple[tuple[str, Any], ...] = (
    ("floor: one plain table, rows/s", lambda f, _: str(f["floor_rows_per_second"])),
    (
        "floor over HTTP: a server that does nothing else, rows/s",
        lambda f, _: str(f["http_floor_rows_per_second"]),
    ),
    ("push, empty database", _push("push_empty")),
    ("push, full database", _push("push_full")),
    (
        "push, share of the floors",
        lambda _, s: f"{s['floor_percent']} %, over HTTP {s['http_floor_percent']} %",
    ),
    ("push, full : empty, rate / latency", lambda _, s: f"{s['push_rate']} / {s['push_latency']}"),
    ("first pull, compressed", _pull),
    ("delta of 20, few rows stored", _delta("delta_few")),
    ("delta of 20, many rows stored", _delta("delta_many")),
    ("delta, many : few", lambda _, s: str(s["delta_latency"])),
    ("photos, 4 at once", _photos),
)
