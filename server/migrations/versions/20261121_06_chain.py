"""The chain of a phone's operations beside their receipts, and fewer indexes to write.

Every row of these three tables belongs to some county, and no query asks for a county alone: an
index on it was written with each row and never read.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_06"
down_revision = "20261121_05"
branch_labels = None
depends_on = None

FROZEN = (
    "op", "device", "side_device", "seq", "person_id", "space", "kind", "payload",
    "payload_sha256", "prev", "mono_ms",
)  # fmt: skip
UNREAD = ("receipts", "ledger", "entities")


def upgrade() -> None:
    op.add_column("devices", sa.Column("link", sa.String(64), nullable=True))
    op.add_column("receipts", sa.Column("prev", sa.String(64), nullable=True))
    op.add_column("receipts", sa.Column("mono_ms", sa.Float(53), nullable=True))
    op.add_column(
        "receipts",
        sa.Column("is_chain_broken", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for table in UNREAD:
        op.drop_index(f"ix_{table}_jurisdiction_id", table_name=table)
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in FROZEN)
    op.execute("DROP TRIGGER receipts_update")
    op.execute(
        "CREATE TRIGGER receipts_update BEFORE UPDATE ON receipts FOR EACH ROW "
        f"WHEN OLD.status <> 'held' OR {changed} OR OLD.rowid <> NEW.rowid "
        "BEGIN SELECT RAISE(ABORT, 'receipts.append_only'); END"
    )


def _postgresql() -> None:
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in FROZEN)
    op.execute("DROP TRIGGER receipts_update ON receipts")
    op.execute(
        "CREATE TRIGGER receipts_update BEFORE UPDATE ON receipts FOR EACH ROW "
        f"WHEN (OLD.status <> 'held' OR {changed}) EXECUTE FUNCTION suicha_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError
