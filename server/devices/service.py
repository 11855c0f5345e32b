"""Use cases of phones, for other subjects and the doors; each lives in the file of its name."""

from __future__ import annotations

from server.devices.importing import ImportReport, import_unsent
from server.devices.incidents import ALARMING, History, name_of, number_of, read_history
from server.devices.orders import (
    RELEASE_AFTER,
    can_release,
    order_wipe,
    release_waiting,
    rename_phone,
    revoke_phone,
)
from server.devices.overview import Phone, list_all_phones, list_earlier_names, list_phones
from server.devices.reach import reach_device, target_of

__all__ = [
    "ALARMING",
    "RELEASE_AFTER",
    "History",
    "ImportReport",
    "Phone",
    "can_release",
    "import_unsent",
    "list_all_phones",
    "list_earlier_names",
    "list_phones",
    "name_of",
    "number_of",
    "order_wipe",
    "reach_device",
    "read_history",
    "release_waiting",
    "rename_phone",
    "revoke_phone",
    "target_of",
]
