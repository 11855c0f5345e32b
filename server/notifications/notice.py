"""The sender of today: a ``notice`` row in the person's own space (docs/protocol 13.4), which the
phone pulls. Push messages to a locked screen are another sender behind the same port."""

from __future__ import annotations

import logging

from flask import Flask, Response, g

from server.fieldsync.service import RowWrite, dump_instant, user_space, write_rows
from server.notifications.delivery import Due, deliver_due
from server.runtime import now

log = logging.getLogger("suicha.notifications")


class NoticeSender:
    """Implements ``delivery.Sender``."""

    def send(self, due: Due) -> None:
        """Row ``notice:<id of the side effect>``."""
        fields = {
            "kind": due.kind,
            "space": due.payload["space"],
            "text_code": f"notice.{due.kind.replace('.', '_')}",
            "details": due.payload["details"],
            "made_at": dump_instant(due.made_at),
        }
        write_rows(
            jurisdiction_id=due.jurisdiction_id,
            space=user_space(due.person_id),
            kind="notice.add",
            person_id=None,
            rows=[RowWrite("notice", f"notice:{due.id}", fields)],
            at=now(),
        )


def install_delivery(app: Flask) -> None:
    """Called by ``create_app`` alone. After a request that noted something, and only then."""
    app.after_request(_deliver)


def _deliver(response: Response) -> Response:
    if g.pop("has_side_effects", False):
        try:
            deliver_due(NoticeSender())
        except Exception:  # the deed is done and answered; what waits goes out with the next one
            log.exception("side effects wait")
    return response
