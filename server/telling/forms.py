"""HTML forms of telling the firm: the office's and the firm's own."""

from __future__ import annotations

from wtforms import BooleanField, Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from domain.access import Actor
from domain.errors import Fault, message
from domain.signatures import Signature
from domain.telling import BY_HAND, Delivery, Way, faults_of_delivery
from server.corrections.signing import read_drawn
from server.i18n import current_locale
from server.i18n import translate as _
from server.inspections.forms import DayField, Required
from server.kit.file_form import KeptFileForm
from server.kit.forms import KitForm, ReasonLength
from server.runtime import SITE_ZONE, today
from server.telling.answering import MAX_NOTE_CHARACTERS, MAX_VIEW_CHARACTERS, county_of
from server.telling.delivering import Proof
from server.telling.making import MAX_REASON_CHARACTERS
from server.telling.models import FirmLink, ResultNotice
from server.telling.opening import may_keep_file
from server.telling.wording import way_word

_FIELD_OF = {
    "signature.": "signature",
    "telling.needs_answer": "text",
    "telling.needs_file": "document",
    "telling.needs_reason": "reason",
    "telling.needs_receiver": "signer",
    "telling.needs_view": "text",
}


class _FirmForm(KeptFileForm):
    """The firm's own. ``link`` is whose it is, to be set before anything is read: a kept file
    belongs to that link alone."""

    field_of = _FIELD_OF
    link: FirmLink | None = None

    @property
    def keeper(self) -> tuple[Actor, str]:
        """The firm is signed in nowhere: the link's county, and the link."""
        assert self.link is not None, "the page sets it"
        return county_of(self.link), f"firm's form at link {self.link.id}"

    def hold(self) -> None:
        """As many new files as a link may have kept in a while; another is to be chosen again."""
        assert self.link is not None, "the page sets it"
        if not self.document.data or may_keep_file(self.link):
            super().hold()

    @property
    def file(self) -> Proof | None:
        """As it was sent, if any."""
        return Proof(*self.sent) if self.sent else None


class DeliveryForm(KeptFileForm):
    """送达. ``signature`` is what the receiver drew on the pad. ``reason`` is asked
    for where the notice has an entry already."""

    field_of = _FIELD_OF
    way = RadioField(choices=lambda: _ways(), validators=[Required()])
    delivered_on = DayField(validators=[Required()])
    servers = StringField(validators=[Required(), Length(max=80)])
    receiver = StringField(validators=[Length(max=80)])
    post_no = StringField(validators=[Length(max=60)])
    note = TextAreaField(validators=[ReasonLength(MAX_REASON_CHARACTERS)])
    reason = StringField(validators=[ReasonLength(MAX_REASON_CHARACTERS)])
    signature = StringField()

    def read(self, notice: ResultNotice) -> bool:
        """Validates, and says every fault of the delivery at its field."""
        is_valid = bool(self.validate())
        try:
            self.drawn  # noqa: B018
        except Fault as refused:
            self.signature.errors = [message(refused.code, current_locale(), refused.details)]
            self.signature.data, is_valid = "", False
        if self.way.data not in {one.value for one in BY_HAND} or self.delivered_on.data is None:
            return False
        made_on = notice.made_at.astimezone(SITE_ZONE).date()
        told = faults_of_delivery(self.delivery, made_on, today())
        for name, code in told.items():
            if not self[name].errors:
                self[name].errors = [message(code, current_locale(), {})]
        return is_valid and not told

    @property
    def delivery(self) -> Delivery:
        """As typed; after the way and the day were read."""
        assert self.delivered_on.data is not None, "the form requires it"
        return Delivery(
            way=Way(self.way.data),
            delivered_on=self.delivered_on.data,
            servers=" ".join((self.servers.data or "").split()),
            receiver=" ".join((self.receiver.data or "").split()),
            post_no="".join((self.post_no.data or "").split()),
            note=(self.note.data or "").strip(),
            has_proof=self.file is not None,
            is_signed=any(self.drawn.strokes),
        )

    @property
    def drawn(self) -> Signature:
        """Raises ``signature.unreadable``."""
        return read_drawn(self.signature.data or "")

    @property
    def file(self) -> Proof | None:
        """What shows it, if anything."""
        return Proof(*self.sent) if self.sent else None


class ReasonForm(KitForm):
    """Something is taken back."""

    reason = StringField(validators=[Required(), ReasonLength(MAX_REASON_CHARACTERS)])


class AnswerForm(KitForm):
    """What the department says to what the firm sent."""

    text = TextAreaField(validators=[ReasonLength(MAX_REASON_CHARACTERS)])


class CodeForm(KitForm):
    """The firm at its door."""

    code = StringField(validators=[Required(), Length(max=40)])


class ReadForm(KitForm):
    """电子送达: agreed to and confirmed."""

    notice_id = IntegerField()
    signer = StringField(validators=[Required(), Length(max=80)])
    agreed = BooleanField()

    def validate_agreed(self, field: BooleanField) -> None:
        """Electronic delivery takes the recipient's consent."""
        if not field.data:
            raise ValidationError(_("请勾选同意以电子方式送达"))


class ViewForm(_FirmForm):
    """陈述申辩."""

    text = TextAreaField(validators=[Required(), ReasonLength(MAX_VIEW_CHARACTERS)])
    signer = StringField(validators=[Required(), Length(max=80)])


class HandInForm(_FirmForm):
    """改正证明."""

    note = StringField(validators=[ReasonLength(MAX_NOTE_CHARACTERS)])

    def validate_document(self, field: Field) -> None:
        """There is a file; what it is, is found out when it is kept."""
        if self.file is None:
            raise ValidationError(message("telling.needs_file", current_locale(), {}))


def _ways() -> list[SelectChoice]:
    return [SelectChoice(one.value, way_word(one)) for one in BY_HAND]
