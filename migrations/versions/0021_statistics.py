"""Statistics prepared by month: the structure of the labour force, and who moved.

Why:   officials, reports and the open data read the same numbers, which are counted once a day and
       not at each look (NQ 125/NQ-CP, part II; FEATURES 56).
Locks: only new tables.
Undo:  drops them; they are counted anew from the facts, but months that were final may then come
       out otherwise, since late filings are counted in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "statistic_month",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reported_through", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month"),
    )
    op.create_table(
        "statistic_cell",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("place_code", sa.String(length=5), nullable=False),
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "basis", "place_code", "dimension", "code", "sex"),
    )
    op.create_table(
        "statistic_move",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("destination", sa.String(length=8), nullable=False),
        sa.Column("origin_province", sa.String(length=2), nullable=False),
        sa.Column("destination_province", sa.String(length=2), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("month", "kind", "origin", "destination"),
            *("origin_province", "destination_province"),
        ),
    )


def downgrade() -> None:
    for table in ("statistic_move", "statistic_cell", "statistic_month"):
        op.drop_table(table)
