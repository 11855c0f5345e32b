"""Use cases of the sync protocol, for other subjects; each lives in the file of its name."""

from __future__ import annotations

from server.fieldsync.epochs import current_epoch, ensure_epoch, start_epoch

__all__ = ["current_epoch", "ensure_epoch", "start_epoch"]
