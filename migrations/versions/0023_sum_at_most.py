"""What a proposed sum is at most where it depends on the region, and the union's numbers counted.

Why:   the cap of the unemployment benefit differs by region of the minimum wage, which no register
       states; a range is told then, and nobody is put on a list to be paid out of one. What the
       union's list says of a firm with ten thousands of workers takes seconds to count: it is
       counted beside the requests and kept.
Locks: one empty column and one table are added; no row is written.
Undo:  drops both; the sum at least stays, and the list is counted whenever somebody opens it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("support_proposal", sa.Column("sum_most", sa.String(24), nullable=True))
    counted = ("workers", "owed", "undeclared", "months", "wage_unknown", "law_unknown")
    op.create_table(
        "union_figure",
        sa.Column("firm", sa.String(10), primary_key=True),
        sa.Column("reported", sa.String(7), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counted),
        sa.Column("vnd", sa.BigInteger(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("union_figure")
    op.drop_column("support_proposal", "sum_most")
