"""A photo's rows are found by its hash alone, whatever else is stored: the server asks for them
with each photo that arrives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261121_05"
down_revision = "20261121_04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index."""
    only_photos = sa.text("type = 'photo'")
    op.create_index(
        "ix_entities_photo",
        "entities",
        ["id"],
        sqlite_where=only_photos,
        postgresql_where=only_photos,
    )


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_entities_photo", "entities")
