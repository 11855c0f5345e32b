"""Use cases of the sync protocol, for other subjects; each lives in the file of its name."""

from __future__ import annotations

from server.fieldsync.custody import Custody, read_custody
from server.fieldsync.entities import list_own_rows, map_own_rows
from server.fieldsync.epochs import current_epoch, ensure_epoch, start_epoch
from server.fieldsync.files.blobs import has_blob as has_bytes
from server.fieldsync.files.documents import (
    Document,
    get_document,
    get_document_view,
    keep_document,
    read_kept_document,
    record_document,
    record_public_document,
)
from server.fieldsync.files.given import claim_photo
from server.fieldsync.files.photos import (
    find_photo,
    get_photo_path,
    get_shown_picture,
    get_thumbnail_path,
    shrink_photo,
)
from server.fieldsync.files.pictures import read_camera
from server.fieldsync.files.upload_tidy import Tidied, tidy_uploads
from server.fieldsync.files.vouchers import make_voucher, redeem_voucher
from server.fieldsync.ids import make_op_id, user_space
from server.fieldsync.instants import dump_instant
from server.fieldsync.many_sheets import count_held, read_standings
from server.fieldsync.many_spaces import SpaceWrite, write_spaces
from server.fieldsync.office import RowWrite, perform_office_op, write_rows
from server.fieldsync.page_ops import PageOp, has_written, perform_page_op
from server.fieldsync.proposals import (
    find_code,
    find_proposal,
    get_proposal,
    list_proposals,
    lock_proposal,
    show_proposal,
)
from server.fieldsync.pull import pull
from server.fieldsync.receipts import list_begun_spaces
from server.fieldsync.receiving.asides import Source, find_source, origin_of, set_aside
from server.fieldsync.receiving.held import list_early
from server.fieldsync.receiving.push import push, release_early
from server.fieldsync.receiving.unsent import push_offers, take_photo
from server.fieldsync.replay.ledger import (
    LedgerReport,
    check_ledger,
    check_live_ledger,
    verify_ledger,
)
from server.fieldsync.sheets import (
    Return,
    SheetRows,
    list_begun_sheets,
    list_open_answers,
    manifest_of,
    map_returns,
    map_writers,
    read_sheet,
    writing_op,
)
from server.fieldsync.spaces import lock_space, lock_spaces, open_space
from server.fieldsync.standing import Standing, read_standing
from server.fieldsync.version_rows import write_version_rows
from server.fieldsync.visit import target_of_sheet
from server.fieldsync.waiting import Fork, WaitingOp, list_forks, list_server_held

__all__ = [
    "Custody",
    "Document",
    "Fork",
    "LedgerReport",
    "PageOp",
    "Return",
    "RowWrite",
    "SheetRows",
    "Source",
    "SpaceWrite",
    "Standing",
    "Tidied",
    "WaitingOp",
    "check_ledger",
    "check_live_ledger",
    "claim_photo",
    "count_held",
    "current_epoch",
    "dump_instant",
    "ensure_epoch",
    "find_code",
    "find_photo",
    "find_proposal",
    "find_source",
    "get_document",
    "get_document_view",
    "get_photo_path",
    "get_proposal",
    "get_shown_picture",
    "get_thumbnail_path",
    "has_bytes",
    "has_written",
    "keep_document",
    "list_begun_sheets",
    "list_begun_spaces",
    "list_early",
    "list_forks",
    "list_open_answers",
    "list_own_rows",
    "list_proposals",
    "list_server_held",
    "lock_proposal",
    "lock_space",
    "lock_spaces",
    "make_op_id",
    "make_voucher",
    "manifest_of",
    "map_own_rows",
    "map_returns",
    "map_writers",
    "open_space",
    "origin_of",
    "perform_office_op",
    "perform_page_op",
    "pull",
    "push",
    "push_offers",
    "read_camera",
    "read_custody",
    "read_kept_document",
    "read_sheet",
    "read_standing",
    "read_standings",
    "record_document",
    "record_public_document",
    "redeem_voucher",
    "release_early",
    "set_aside",
    "show_proposal",
    "shrink_photo",
    "start_epoch",
    "take_photo",
    "target_of_sheet",
    "tidy_uploads",
    "user_space",
    "verify_ledger",
    "write_rows",
    "write_spaces",
    "write_version_rows",
    "writing_op",
]
