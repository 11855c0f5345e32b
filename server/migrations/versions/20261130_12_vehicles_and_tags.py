"""Vehicles, recusals, the tag library, and what the search of firms reads."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

import server.db
from server.registry.derived import digits_of, search_text_of

revision = "20261130_12"
down_revision = "20261130_14"
branch_labels = None
depends_on = None

TRADES = {
    "passenger": "道路客运",
    "freight": "道路货运",
    "taxi": "巡游出租汽车",
    "driver_training": "驾驶员培训",
    "hazmat": "危险货物运输",
    "repair": "机动车维修",
    "ride_hailing": "网约车",
    "highway_works": "公路工程",
    "station": "运输站场",
    "vehicle_test": "机动车检验检测",
}


def upgrade() -> None:
    op.add_column("firms", _column("more_licences", sa.JSON(), "[]"))
    op.add_column("firms", _column("former_usccs", sa.JSON(), "[]"))
    op.add_column("firms", _column("licence_digits", sa.String(160), ""))
    op.add_column("firms", _column("trades", sa.String(200), ""))
    op.add_column("firms", _column("search_text", sa.Text(), ""))
    op.execute("UPDATE firms SET trades = '|' || category || '|'")
    _fill_search()
    op.create_index("ix_firms_licence", "firms", ["jurisdiction_id", "licence_digits"])
    op.create_index("ix_firms_area", "firms", ["jurisdiction_id", "area"])
    op.create_index("ix_firms_trades", "firms", ["jurisdiction_id", "is_active", "trades", "tier"])
    op.create_index("ix_firms_order", "firms", ["jurisdiction_id", "category", "name", "id"])
    op.create_index("ix_firms_search", "firms", ["jurisdiction_id", "search_text"])
    _make_vehicles()
    _make_recusals()
    _make_tags()
    _fill_tags()


def _column(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _owner(table: str) -> list[Any]:
    return [
        sa.Column("jurisdiction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"],
            ["jurisdictions.id"],
            name=f"fk_{table}_jurisdiction_id_jurisdictions",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _make_vehicles() -> None:
    op.create_table(
        "vehicles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(12), nullable=False),
        sa.Column("tail", sa.String(12), nullable=False),
        sa.Column("color", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("permit_no", sa.String(64), nullable=False),
        *_owner("vehicles"),
        _reference("vehicles", "firm_id", "firms"),
        sa.UniqueConstraint("jurisdiction_id", "plate", name="uq_vehicles_jurisdiction_id_plate"),
    )
    op.create_index("ix_vehicles_firm_id", "vehicles", ["firm_id"])
    op.create_index("ix_vehicles_jurisdiction_id", "vehicles", ["jurisdiction_id"])
    op.create_index("ix_vehicles_tail", "vehicles", ["jurisdiction_id", "tail"])


def _make_recusals() -> None:
    instant = server.db.UtcDateTime(timezone=True)
    op.create_table(
        "recusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("began_by", sa.Integer(), nullable=True),
        sa.Column("began_at", instant, nullable=False),
        sa.Column("end_reason", sa.String(200), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", instant, nullable=True),
        *_owner("recusals"),
        _reference("recusals", "officer_id", "officers"),
        _reference("recusals", "firm_id", "firms"),
        _reference("recusals", "began_by", "people"),
        _reference("recusals", "ended_by", "people"),
    )
    for column in ("firm_id", "jurisdiction_id", "officer_id"):
        op.create_index(f"ix_recusals_{column}", "recusals", [column])


def _make_tags() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(12), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("group_name", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(12), nullable=False),
        sa.Column("retired_at", server.db.UtcDateTime(timezone=True), nullable=True),
        *_owner("tags"),
        sa.UniqueConstraint(
            "jurisdiction_id", "register", "code", name="uq_tags_jurisdiction_id_register_code"
        ),
    )
    op.create_index("ix_tags_jurisdiction_id", "tags", ["jurisdiction_id"])


def _fill_search() -> None:
    names = ("id", "name", "name_initials", "uscc", "licence_no", "address")
    firms = sa.table(
        "firms", *(sa.column(one) for one in (*names, "licence_digits", "search_text"))
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(*(firms.c[name] for name in names))).all():
        digits = digits_of([row.licence_no])
        text = search_text_of(row.name, row.name_initials, row.uscc, [], digits, row.address)
        connection.execute(
            firms.update()
            .where(firms.c.id == row.id)
            .values(licence_digits=digits, search_text=text)
        )


def _fill_tags() -> None:
    """Each county's library begins with the trades and with whatever its officers carry."""
    tags = sa.table(
        "tags",
        *(sa.column(one) for one in ("jurisdiction_id", "register", "code", "name")),
        *(sa.column(one) for one in ("group_name", "origin")),
    )
    connection = op.get_bind()
    counties = connection.execute(sa.text("SELECT id FROM jurisdictions")).scalars().all()
    rows = []
    for county in counties:
        carried: dict[str, str] = {}
        officers = sa.text("SELECT labels FROM officers WHERE jurisdiction_id = :county")
        for labels in connection.execute(officers, {"county": county}).scalars():
            found = json.loads(labels) if isinstance(labels, str) else labels or []
            carried |= {one[:40]: one[:40] for one in found}
        for code, name in {**carried, **TRADES}.items():
            group = "行业" if code in TRADES else ""
            rows.append(
                {
                    "jurisdiction_id": county,
                    "register": "officers",
                    "code": code,
                    "name": name,
                    "group_name": group,
                    "origin": "local",
                }
            )
    if rows:
        connection.execute(tags.insert(), rows)


def downgrade() -> None:
    raise NotImplementedError
