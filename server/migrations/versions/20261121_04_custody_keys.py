"""The public keys of custody receipts, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261121_04"
down_revision = "20261121_03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "custody_keys",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.String(length=43), nullable=False),
        sa.Column("since", server.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_custody_keys")),
    )
    _guard_keys()


def _guard_keys() -> None:
    """A receipt on a phone must verify for ever: its key stays on record as it is."""
    if op.get_bind().dialect.name == "postgresql":
        for when, scope in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER custody_keys_{when.split()[0].lower()} BEFORE {when} "
                f"ON custody_keys FOR EACH {scope} EXECUTE FUNCTION suicha_append_only()"
            )
        return
    # without WHEN for UPDATE and DELETE; REPLACE would delete without asking a DELETE trigger
    taken = (
        "WHEN EXISTS (SELECT 1 FROM custody_keys kept "
        "WHERE kept.key_id = NEW.key_id OR kept.rowid = NEW.rowid)"
    )
    for verb, condition in (("UPDATE", ""), ("DELETE", ""), ("INSERT", taken)):
        op.execute(
            f"CREATE TRIGGER custody_keys_{verb.lower()} BEFORE {verb} ON custody_keys "
            f"FOR EACH ROW {condition} "
            "BEGIN SELECT RAISE(ABORT, 'custody_keys.append_only'); END"
        )
