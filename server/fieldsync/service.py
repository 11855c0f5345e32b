"""Use cases of the sync protocol, for other subjects; each lives in the file of its name."""

from __future__ import annotations

from server.fieldsync.custody import Custody, read_custody
from server.fieldsync.epochs import current_epoch, ensure_epoch, start_epoch
from server.fieldsync.held import list_early
from server.fieldsync.instants import dump_instant
from server.fieldsync.ledger import LedgerReport, check_ledger, check_live_ledger, verify_ledger
from server.fieldsync.office import RowWrite, perform_office_op, write_rows
from server.fieldsync.photos import find_photo, get_photo_path, get_thumbnail_path
from server.fieldsync.proposals import get_proposal, list_proposals, move_proposal
from server.fieldsync.pull import pull
from server.fieldsync.push import push, release_early
from server.fieldsync.sheets import SheetRows, read_sheet
from server.fieldsync.spaces import open_space
from server.fieldsync.upload_tidy import Tidied, tidy_uploads

__all__ = [
    "Custody",
    "LedgerReport",
    "RowWrite",
    "SheetRows",
    "Tidied",
    "check_ledger",
    "check_live_ledger",
    "current_epoch",
    "dump_instant",
    "ensure_epoch",
    "find_photo",
    "get_photo_path",
    "get_proposal",
    "get_thumbnail_path",
    "list_early",
    "list_proposals",
    "move_proposal",
    "open_space",
    "perform_office_op",
    "pull",
    "push",
    "read_custody",
    "read_sheet",
    "release_early",
    "start_epoch",
    "tidy_uploads",
    "verify_ledger",
    "write_rows",
]
