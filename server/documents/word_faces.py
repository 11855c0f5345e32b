"""The faces of official writing in a Word file. Windows has them under Chinese names, other systems
under their Latin ones, so the file's table of faces names both."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

BODY, HEAD, TITLE = "仿宋", "黑体", "宋体"
LATIN = "Times New Roman"
OTHER_NAMES = {"仿宋": "FangSong", "黑体": "SimHei", "宋体": "SimSun"}
PANOSE = {"仿宋": "02010609060101010101", "黑体": "02010609060101010101",
          "宋体": "02010600030101010101"}  # fmt: skip
_FACES = "/word/fontTable.xml"


def name_faces(file: Any) -> None:
    """Sets the file's own faces and language, and says by which other names they go."""
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(12)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), 1.0
    fonts = normal.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), BODY)
    fonts.set(qn("w:hAnsi"), LATIN)
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    table = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{PANOSE[name]}"/>'
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in OTHER_NAMES.items()
    )
    for part in file.part.package.iter_parts():
        if part.partname == _FACES:
            part._blob = f"<w:fonts {nsdecls('w')}>{table}</w:fonts>".encode()


def use_face(run: Any, face: str, points: float, *, bold: bool = False) -> None:
    """Chinese in ``face``, digits and Latin letters in a face that goes with it."""
    run.font.size, run.font.bold = Pt(points), bold
    run.font.name = LATIN
    run._r.rPr.rFonts.set(qn("w:eastAsia"), face)


def run_properties(face: str, half_points: int, *, bold: bool = False) -> str:
    """The same as XML, for tables that are written whole."""
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{face}"/>{weight}'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    )
