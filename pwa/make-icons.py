"""Draws the field app's icons: a form with two ticks, white on the blue of road signs.

Run by hand after a change: python pwa/make-icons.py (needs Pillow). The PNGs are checked in.
"""

from pathlib import Path

from PIL import Image, ImageDraw

BLUE, WHITE = "#0b57a4", "#ffffff"
OUT = Path(__file__).parent / "app" / "public" / "icons"


def draw_icon(size: int, *, is_maskable: bool) -> Image.Image:
    """One icon; a maskable one fills the square and keeps its drawing in the safe 80 % circle."""
    scale = 4  # drawn large and reduced: Pillow's lines have no anti-aliasing of their own
    side = size * scale
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if is_maskable:
        pen.rectangle((0, 0, side, side), fill=BLUE)
        unit, origin = side * 0.62 / 100, side * 0.19
    else:
        pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * 0.18, fill=BLUE)
        unit, origin = side * 0.76 / 100, side * 0.12

    def at(x: float, y: float) -> tuple[float, float]:
        return origin + x * unit, origin + y * unit

    line = round(7 * unit)
    pen.rounded_rectangle((*at(14, 4), *at(86, 96)), radius=8 * unit, outline=WHITE, width=line)
    for y in (34, 66):
        pen.line([at(26, y), at(34, y + 8), at(47, y - 9)], fill=WHITE, width=line, joint="curve")
        pen.line([at(56, y), at(74, y)], fill=WHITE, width=line)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        draw_icon(size, is_maskable=False).save(OUT / f"any-{size}.png", optimize=True)
        draw_icon(size, is_maskable=True).save(OUT / f"maskable-{size}.png", optimize=True)
