"""Who acts: roles, mandates, and whose e-ID opens which account.

Why:   officials, delegates and representatives sign in with their own e-ID; machines prove
       themselves by a key; what was "registrar" is one of several kinds of officials.
Locks: new tables, and new columns without values in ``account``, ``session``, ``sign_in_start``.
Undo:  closes the accounts of roles that were not known before, forgets who holds which account,
       every mandate and machine; approvers are registrars again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NEW_ROLES = ("representative", "delegate", "collector", "inspector", "statistician")
_COLUMNS = {
    "account": (
        ("first_day", sa.Date()),
        ("last_day", sa.Date()),
        ("scope", sa.String(length=200)),
    ),
    "sign_in_start": (("invitation_hash", sa.LargeBinary(length=32)),),
    "session": (
        ("issuer", sa.String(length=200)),
        ("subject", sa.String(length=255)),
        ("sid", sa.String(length=255)),
        ("blind_index", sa.LargeBinary(length=32)),
    ),
}


def upgrade() -> None:
    op.execute("UPDATE account SET role = 'approver' WHERE role = 'registrar'")
    for table, columns in _COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_session_subject", "session", ["issuer", "subject"], unique=False)
    _add_holders()
    _add_mandates()
    _add_machines()


def downgrade() -> None:
    for table in (
        *("used_token", "machine_client", "mandate"),
        *("account_invitation", "account_holder"),
    ):
        op.drop_table(table)
    op.drop_index("ix_session_subject", table_name="session")
    for table, columns in _COLUMNS.items():
        for name, _ in columns:
            op.drop_column(table, name)
    new = ", ".join(f"'{role}'" for role in _NEW_ROLES)
    op.execute(f"UPDATE account SET closed_at = created_at WHERE role IN ({new})")  # noqa: S608 - words of our own
    op.execute("UPDATE account SET role = 'registrar' WHERE role = 'approver'")


def _add_holders() -> None:
    op.create_table(
        "account_holder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("issuer", sa.String(length=200), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_account_holder",
        "account_holder",
        ["account_id", "blind_index"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_account_holder_subject", "account_holder", ["issuer", "subject"], unique=False
    )
    for column in ("account_id", "blind_index"):
        op.create_index(f"ix_account_holder_{column}", "account_holder", [column], unique=False)
    op.create_table(
        "account_invitation",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("secret_hash"),
    )
    op.create_index(
        "ix_account_invitation_account_id", "account_invitation", ["account_id"], unique=False
    )


def _add_mandates() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_code", sa.String(length=14), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(length=80), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id"),
    )
    for column in ("enterprise_code", "person_id"):
        op.create_index(f"ix_mandate_{column}", "mandate", [column], unique=False)


def _add_machines() -> None:
    op.create_table(
        "machine_client",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("jwks", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("client_id"),
        sa.UniqueConstraint("account_id"),
    )
    op.create_table(
        "used_token",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_used_token_expires_at", "used_token", ["expires_at"], unique=False)
