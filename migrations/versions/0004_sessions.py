"""Signing in: sign-ins that have begun, identities at a provider, sessions, and their tokens.

Why:   people sign in with the national e-ID; a session ends when it is told to, everywhere.
Locks: new tables, and two columns of ``access_token``; SQLite copies that one table.
Undo:  ends every session and forgets which identity is which account; tokens stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "sign_in_start",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("return_to", sa.String(length=500), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash"),
    )
    op.create_index("ix_sign_in_start_started_at", "sign_in_start", ["started_at"], unique=False)
    op.create_table(
        "sign_in_identity",
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("acts_for", sa.String(length=14), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("issuer", "subject", "acts_for"),
    )
    op.create_index(
        "ix_sign_in_identity_account_id", "sign_in_identity", ["account_id"], unique=False
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    for column in ("account_id", "expires_at"):
        op.create_index(f"ix_session_{column}", "session", [column], unique=False)
    with op.batch_alter_table("access_token") as table:
        table.add_column(sa.Column("level", sa.Integer(), nullable=False, server_default="2"))
        table.add_column(sa.Column("session_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(_OF_SESSION, "session", ["session_id"], ["id"])
        table.create_index("ix_access_token_session_id", ["session_id"], unique=False)


_OF_SESSION = "fk_access_token_session"


def downgrade() -> None:
    with op.batch_alter_table("access_token") as table:
        table.drop_index("ix_access_token_session_id")
        table.drop_constraint(_OF_SESSION, type_="foreignkey")
        table.drop_column("session_id")
        table.drop_column("level")
    for table_name in ("session", "sign_in_identity", "sign_in_start"):
        op.drop_table(table_name)
