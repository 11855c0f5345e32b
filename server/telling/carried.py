"""What a firm had entered when its hour ended: carried over the door, to the form it was for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.telling.answering import MAX_NOTE_CHARACTERS, MAX_VIEW_CHARACTERS
from server.telling.forms import HandInForm, ViewForm
from server.telling.models import FirmLink

MOST_SIGNER_CHARACTERS = 80
SLACK = 2  # times what the form takes: who typed more shortens it there


@dataclass(frozen=True, slots=True)
class Carried:
    """``case`` is 0 for 陈述申辩, else what the proof is for. ``voucher`` stands for the file that
    was kept, ``file_name`` is what the firm called it."""

    sheet: str = ""
    case: int = 0
    words: str = ""
    signer: str = ""
    voucher: str = ""
    file_name: str = ""

    @property
    def is_any(self) -> bool:
        """Whether there is something to go on with."""
        return bool(self.words.strip() or self.voucher)

    def build_form(self, link: FirmLink) -> ViewForm | HandInForm:
        """As it was; the voucher of another link's file counts for nothing."""
        form: ViewForm | HandInForm
        if self.case:
            form = HandInForm(formdata=None, note=self.words)
        else:
            form = ViewForm(formdata=None, text=self.words, signer=self.signer)
        form.link, form.document_kept.data = link, self.voucher
        form.hold()
        return form


def carry(sheet: str, case: int, form: ViewForm | HandInForm, link: FirmLink | None) -> Carried:
    """From a form that came too late; without ``link``, whose visit it was, no file."""
    if link is not None:
        form.link = link
        form.hold()
    voucher, name = form.kept[0] if form.kept else ("", "")
    words, signer = (
        (form.note.data, "") if isinstance(form, HandInForm) else (form.text.data, form.signer.data)
    )
    return _bounded(Carried(sheet, case, words or "", signer or "", voucher, name))


def read_carried(sent: Mapping[str, str]) -> Carried:
    """From the door's own form."""
    case = sent.get("kept_case", "")
    return _bounded(
        Carried(
            sheet=sent.get("kept_sheet", ""),
            case=int(case) if case.isascii() and case.isdigit() and len(case) < 10 else 0,
            words=sent.get("kept_text", ""),
            signer=sent.get("kept_signer", ""),
            voucher=sent.get("kept_document", ""),
            file_name=sent.get("kept_file_name", ""),
        )
    )


def _bounded(told: Carried) -> Carried:
    most = MAX_NOTE_CHARACTERS if told.case else MAX_VIEW_CHARACTERS
    return Carried(
        told.sheet[:12], told.case, told.words[: most * SLACK],
        told.signer[:MOST_SIGNER_CHARACTERS], told.voucher[:400], told.file_name[:200],
    )  # fmt: skip
