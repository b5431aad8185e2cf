"""Dossiers that are handed over to the National Public Service Portal, and what became of them.

Why:   the result of a procedure comes back as a message (ND 224/2026/ND-CP, art. 15); it has to
       find the dossier that it belongs to, once, however often it is sent. What a dossier says is
       sealed, as it may hold anything about the person.
Locks: only a new table.
Undo:  drops the dossiers; what was granted stays in the book as the register's own fact.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "portal_dossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("result_id"),
    )
    op.create_index("ix_portal_dossier_person_id", "portal_dossier", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("portal_dossier")
