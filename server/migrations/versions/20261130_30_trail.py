"""The trail: each audit event's place in a Merkle tree, the signed roots, and the phone it was done
on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_30"
down_revision = "20261130_22"
branch_labels = None
depends_on = None

# with the keys by which SQLite's REPLACE could find a row to push out
APPEND_ONLY = {
    "audit_leaves": (("event_id",), ("jurisdiction_id", "place")),
    "audit_roots": (("id",),),
}


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("device_id", sa.String(40), nullable=True))
    op.create_table(
        "audit_leaves",
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("audit_events.id"), primary_key=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
    )
    op.create_index("ix_audit_leaves_jurisdiction_id", "audit_leaves", ["jurisdiction_id"])
    op.create_index(
        "uq_audit_leaves_place", "audit_leaves", ["jurisdiction_id", "place"], unique=True
    )
    op.create_table(
        "audit_roots",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("made_at", server.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(16), sa.ForeignKey("custody_keys.key_id"), nullable=False),
        sa.Column("signature", sa.String(86), nullable=False),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
    )
    op.create_index("ix_audit_roots_jurisdiction_id", "audit_roots", ["jurisdiction_id"])
    for table, keys in APPEND_ONLY.items():
        _guard(table, keys)


def _guard(table: str, keys: tuple[tuple[str, ...], ...]) -> None:
    """A place that was given and a root that was published stay as they are, whoever writes."""
    if op.get_bind().dialect.name == "postgresql":
        for when, scope in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_{when.split()[0].lower()} BEFORE {when} ON {table} "
                f"FOR EACH {scope} EXECUTE FUNCTION suicha_append_only()"
            )
        return
    same = " OR ".join(
        "(" + " AND ".join(f"kept.{c} = NEW.{c}" for c in columns) + ")" for columns in keys
    )
    taken = f"WHEN EXISTS (SELECT 1 FROM {table} kept WHERE {same})"
    for verb, name, condition in (
        ("UPDATE", "update", ""),
        ("DELETE", "delete", ""),
        ("INSERT", "replace", taken),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table}.append_only'); END"
        )


def downgrade() -> None:
    raise NotImplementedError
