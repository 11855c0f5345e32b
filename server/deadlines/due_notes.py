"""How the dates of a printed table were counted: paper cannot be tapped, so each way of counting
is told once below the table, and a small number at the date leads to it (R074)."""

from __future__ import annotations

from flask import Flask, g


def install_due_notes(app: Flask) -> None:
    """Globals for ``kit.table`` and ``kit.due_notes``; called by ``create_app`` alone."""
    app.jinja_env.globals.update(mark_due=mark_due, take_due_notes=take_due_notes)


def mark_due(note: str) -> int:
    """The number of this note in the table that is being made; the same words share one."""
    notes: list[str] = g.setdefault("due_notes", [])
    if note not in notes:
        notes.append(note)
    return notes.index(note) + 1


def take_due_notes() -> list[str]:
    """What was noted since the last table, in the order of its numbers."""
    found: list[str] = g.pop("due_notes", [])
    return found
