"""Signatures are stored as strokes of points, so that they are drawn sharply anywhere."""

from __future__ import annotations

from collections.abc import Sequence


def signature_paths(strokes: Sequence[Sequence[Sequence[int]]]) -> tuple[str, ...]:
    """SVG path data, one per stroke, from ``[[[x, y, t], …], …]`` in whole pixels. A single point
    becomes a dot."""
    return tuple(_path(stroke) for stroke in strokes if stroke)


def _path(stroke: Sequence[Sequence[int]]) -> str:
    points = [f"{int(point[0])} {int(point[1])}" for point in stroke]
    if len(points) == 1:
        points.append(points[0])
    return "M" + "L".join(points)
