"""The item list grows its six fields, versions, guides and editions; checklists get drafts.

* no check entry for an item that is withdrawn or another county's, whoever writes (R042);
* versions and editions of the item list are append-only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

import server.db

revision = "20261130_14"
down_revision = "20261130_15"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "item_versions": (("id",), ("item_id", "version")),
    "item_publications": (("id",), ("jurisdiction_id", "edition")),
}


def upgrade() -> None:
    _widen()
    _create()
    _fill_first_versions()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _widen() -> None:
    for name, kind, default in (
        ("category", sa.String(120), ""),
        ("basis", sa.Text(), ""),
        ("bodies", sa.String(200), ""),
        ("content", sa.Text(), ""),
        ("methods", sa.JSON(), "[]"),
        ("status", sa.String(12), "in_use"),
        ("version", sa.Integer(), "1"),
    ):
        op.add_column(
            "inspection_items", sa.Column(name, kind, nullable=False, server_default=default)
        )
    op.add_column("inspection_items", sa.Column("ratio_percent", sa.Numeric(5, 2)))
    op.add_column("inspection_items", sa.Column("province_code", sa.String(40)))
    op.add_column(
        "checklists", sa.Column("reason", sa.String(200), nullable=False, server_default="")
    )
    op.add_column(
        "check_entries", sa.Column("item_version", sa.Integer(), nullable=False, server_default="1")
    )


def _create() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    _table(
        "item_versions",
        _item(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        _person("changed_by"),
        sa.Column("changed_at", instant, nullable=False),
        unique=("item_id", "version"),
    )
    op.create_index("ix_item_versions_item_id", "item_versions", ["item_id"])
    _table(
        "item_guides",
        _item(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("steps", "materials", "points")),
        _person("confirmed_by"),
        sa.Column("confirmed_at", instant, nullable=False),
        unique=("item_id", "version"),
    )
    op.create_index("ix_item_guides_item_id", "item_guides", ["item_id"])
    _table(
        "province_items",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("imported_at", instant, nullable=False),
        unique=("jurisdiction_id", "code"),
    )
    _table(
        "item_publications",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        _person("published_by"),
        sa.Column("published_at", instant, nullable=False),
        unique=("jurisdiction_id", "edition"),
    )
    _table(
        "checklist_drafts",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("base_version", sa.Integer()),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("objects", sa.String(200), nullable=False),
        sa.Column("plan_tasks", sa.JSON(), nullable=False),
        _person("changed_by"),
        sa.Column("changed_at", instant, nullable=False),
        unique=("jurisdiction_id", "code"),
    )
    _table(
        "draft_entries",
        sa.Column("draft_id", sa.Integer(), sa.ForeignKey("checklist_drafts.id"), nullable=False),
        sa.Column(
            "inspection_item_id",
            sa.Integer(),
            sa.ForeignKey("inspection_items.id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _person("changed_by"),
        sa.Column("changed_at", instant, nullable=False),
        unique=("draft_id", "code"),
    )
    op.create_index("ix_draft_entries_draft_id", "draft_entries", ["draft_id"])


def _table(name: str, *columns: Any, unique: tuple[str, str]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id", sa.Integer(), sa.ForeignKey("jurisdictions.id"), nullable=False
        ),
        *columns,
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{unique[0]}_{unique[1]}")),
    )
    op.create_index(f"ix_{name}_jurisdiction_id", name, ["jurisdiction_id"])


def _item() -> Any:
    return sa.Column("item_id", sa.Integer(), sa.ForeignKey("inspection_items.id"), nullable=False)


def _person(name: str) -> Any:
    return sa.Column(name, sa.Integer(), sa.ForeignKey("people.id"))


def _fill_first_versions() -> None:
    """Items that were there before versions: what they say now is their first."""
    columns = ("id", "jurisdiction_id", "name", "kind", "objects")
    items = sa.table("inspection_items", *map(sa.column, columns))
    versions = sa.table(
        "item_versions",
        *map(sa.column, ("item_id", "jurisdiction_id", "version", "reason")),
        sa.column("fields", sa.JSON()),
        sa.column("in_force_on", sa.Date()),
        sa.column("changed_at", server.db.UtcDateTime(timezone=True)),
    )
    at = datetime.now(UTC)
    connection = op.get_bind()
    for item in connection.execute(sa.select(items)).all():
        fields = {
            "name": item.name,
            "kind": item.kind,
            "category": "",
            "objects": item.objects,
            "basis": "",
            "bodies": "",
            "content": "",
            "methods": [],
            "ratio_percent": None,
        }
        connection.execute(
            versions.insert().values(
                item_id=item.id,
                jurisdiction_id=item.jurisdiction_id,
                version=1,
                reason="",
                fields=fields,
                in_force_on=at.date(),
                changed_at=at,
            )
        )


def _sqlite() -> None:
    op.execute(
        "CREATE TRIGGER check_entries_item BEFORE INSERT ON check_entries FOR EACH ROW "
        "WHEN NOT EXISTS (SELECT 1 FROM inspection_items i WHERE i.id = NEW.inspection_item_id "
        "AND i.jurisdiction_id = NEW.jurisdiction_id AND i.status = 'in_use') "
        "BEGIN SELECT RAISE(ABORT, 'check_entries.no_item'); END"
    )
    op.execute(
        "CREATE TRIGGER check_entries_tie BEFORE UPDATE OF inspection_item_id ON check_entries "
        "FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'check_entries.no_item'); END"
    )
    for table, keys in APPEND_ONLY.items():
        taken = " OR ".join(
            "(" + " AND ".join(f"kept.{column} = NEW.{column}" for column in key) + ")"
            for key in keys
        )
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} kept WHERE {taken}) "
        for verb, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", taken)):
            op.execute(
                f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW "
                f"{when}BEGIN SELECT RAISE(ABORT, '{table}.append_only'); END"
            )


def _postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION suicha_entry_item() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' OR NOT EXISTS (
            SELECT 1 FROM inspection_items i WHERE i.id = NEW.inspection_item_id
              AND i.jurisdiction_id = NEW.jurisdiction_id AND i.status = 'in_use') THEN
            RAISE EXCEPTION 'check_entries.no_item' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER check_entries_item BEFORE INSERT OR UPDATE OF inspection_item_id "
        "ON check_entries FOR EACH ROW EXECUTE FUNCTION suicha_entry_item()"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION suicha_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION suicha_append_only()"
        )


def downgrade() -> None:
    raise NotImplementedError
