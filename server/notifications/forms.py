"""HTML form of one's channels."""

from __future__ import annotations

from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from domain.errors import message
from server.i18n import current_locale
from server.kit.forms import KitForm
from server.notifications.preferences import is_address


class ChannelsForm(KitForm):
    """Which channels are on; ``address`` is where e-mail goes, empty for nowhere."""

    push = BooleanField()
    email = BooleanField()
    webhook = BooleanField()
    address = StringField()

    def validate_address(self, field: Field) -> None:
        """Told at the field."""
        field.data = (field.data or "").strip()
        if field.data and not is_address(field.data):
            raise ValidationError(message("reminder.bad_address", current_locale(), {}))
