"""When the desk was last reminded of a late data request, and when a received file was removed.

Why:   who asked about the own data must not be forgotten when the office's time is over, and a
       workbook that was imported must not lie sealed on disk for ever.
Locks: two columns that may be empty: no row is written again.
Undo:  drops them; the next daily run reminds once more, and looks for removed files again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("data_request") as table:
        table.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("received_file") as table:
        table.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("received_file") as table:
        table.drop_column("removed_at")
    with op.batch_alter_table("data_request") as table:
        table.drop_column("reminded_at")
