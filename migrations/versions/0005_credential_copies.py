"""Copies of signed versions: one for each share and each wallet key.

Why:   two recipients of one book must not be able to tell by its signature, salts or status entry
       that they hold the same one.
Locks: only a new table.
Undo:  drops the copies; what their holders have then has no entry on the status lists any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "credential_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=True),
        sa.Column("status_list_id", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["version_id"], ["book_version.id"]),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"]),
        sa.ForeignKeyConstraint(["status_list_id"], ["status_list.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("status_list_id", "status_index", name="uq_credential_copy_status"),
        sa.UniqueConstraint("share_id", "version_id", "kid", name="uq_credential_copy_share"),
    )
    op.create_index(
        "ix_credential_copy_version_id", "credential_copy", ["version_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("credential_copy")
