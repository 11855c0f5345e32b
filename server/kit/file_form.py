"""Bases of forms that bring a file. In the office's it is chosen once, whatever else is refused."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import IO, Any, ClassVar

from flask_wtf.file import FileField
from wtforms import StringField

from domain.access import Actor
from domain.errors import Fault, message
from server.fieldsync import service as fieldsync
from server.guard import get_actor
from server.i18n import current_locale
from server.kit.forms import KitForm

PURPOSE = "document of a form"
MAX_NAME_CHARACTERS = 200
OF_FILES = ("document.", "photo.", "upload.")


class FileForm(KitForm):
    """``field_of``: which field a fault is about, by its code or the beginning of it up to a dot;
    those of files are known."""

    field_of: ClassVar[Mapping[str, str]] = {}
    document = FileField()

    @property
    def sent(self) -> tuple[IO[bytes], str] | None:
        """The file and its name without folders, if one was chosen."""
        chosen: Any = self.document.data
        name = str(getattr(chosen, "filename", "") or "").replace("\\", "/").rsplit("/", 1)[-1]
        return (chosen.stream, name[-MAX_NAME_CHARACTERS:]) if name else None

    def blame(self, refused: Fault) -> bool:
        """Puts a refusal at the field it is about; False for any other."""
        kind = f"{refused.code.partition('.')[0]}."
        name = "document" if kind in OF_FILES else self.field_of.get(kind, "")
        name = self.field_of.get(refused.code, name)
        if name not in self._fields:
            return False
        text = message(refused.code, current_locale(), refused.details)
        self[name].errors = [*self[name].errors, text]
        return True


class KeptFileForm(FileForm):
    """Give ``kept`` to ``kit.upload``: what an earlier sending brought."""

    document_kept = StringField()
    kept: Sequence[tuple[str, str]] = ()

    @property
    def keeper(self) -> tuple[Actor, str]:
        """Whose the kept file is, and what for: nobody else redeems its voucher. Of an office's
        form it is who is signed in."""
        return get_actor(), PURPOSE

    @property
    def sent(self) -> tuple[IO[bytes], str] | None:
        """The file just chosen, else the one that is kept."""
        if (chosen := super().sent) is not None:
            return chosen
        voucher = self.document_kept.data or ""
        known = fieldsync.redeem_voucher(*self.keeper, voucher) if voucher else None
        if known is None:
            return None
        document, name = known
        return io.BytesIO(fieldsync.read_kept_document(document)), name

    def hold(self) -> None:
        """To be called before a refused form is shown: the file is kept under its hash; one that
        is no document is told together with whatever else is wrong."""
        if (sent := self.sent) is None:
            return
        try:
            document = fieldsync.keep_document(sent[0])
        except Fault as refused:
            if not self.document.errors:
                self.blame(refused)
            return
        voucher = fieldsync.make_voucher(*self.keeper, document.sha256, sent[1])
        self.kept = [(voucher, sent[1])]
