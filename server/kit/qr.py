"""A QR code as an SVG path: no file, no script, sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks


@dataclass(frozen=True, slots=True)
class QrCode:
    """``text`` is what it says, ``size`` its width in modules with the white around it."""

    text: str
    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """With error correction M."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    )
    return QrCode(text, len(rows) + 2 * QUIET, path)
