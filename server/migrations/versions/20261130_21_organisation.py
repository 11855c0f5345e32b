"""Teams, the leading group, experts and agencies, assistants of a visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_21"
down_revision = "20261130_20"
branch_labels = None
depends_on = None


def _of_county() -> list[sa.Column[int]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "jurisdiction_id",
            sa.Integer(),
            sa.ForeignKey("jurisdictions.id"),
            nullable=False,
            index=True,
        ),
    ]


def _refers(
    name: str, target: str, *, nullable: bool = False, index: bool = False
) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(target), nullable=nullable, index=index)


def _text(name: str, width: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(width), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "teams",
        *_of_county(),
        _refers("department_id", "departments.id", index=True),
        _text("name", 60),
        _refers("lead_officer_id", "officers.id", nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("department_id", "name"),
    )
    op.create_table(
        "team_officers",
        *_of_county(),
        _refers("team_id", "teams.id", index=True),
        _refers("officer_id", "officers.id"),
        sa.UniqueConstraint("officer_id"),
    )
    op.create_table(
        "group_members",
        *_of_county(),
        _text("role", 16),
        _text("name", 64),
        _text("post", 80),
        _refers("department_id", "departments.id", nullable=True),
        _text("document_no", 60),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
    )
    op.create_table(
        "experts",
        *_of_county(),
        _text("kind", 8),
        _text("name", 80),
        _text("unit", 80),
        _text("number", 40),
        sa.Column("valid_until", sa.Date()),
        sa.Column("labels", sa.JSON(), nullable=False),
        _text("phone", 32),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _text("name_initials", 80),
        sa.UniqueConstraint("jurisdiction_id", "kind", "number"),
    )
    op.create_table(
        "assistants",
        *_of_county(),
        _refers("inspection_id", "inspections.id", index=True),
        _refers("expert_id", "experts.id"),
        _text("task", 200),
        _refers("added_by", "people.id", nullable=True),
        _instant("added_at"),
        _instant("removed_at", nullable=True),
        _text("removed_reason", 200),
    )


def downgrade() -> None:
    raise NotImplementedError
