"""Sharing: consents, who looked, copies to delete, live codes, attempts, notices.

Why:   the worker decides who sees what of the book, and sees who looked (Law 91/2025, art. 25).
Locks: only new tables, and one empty column of ``account``: no row is rewritten.
Undo:  drops every share with its views, copies and notices; employers' accounts lose their code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("account", sa.Column("enterprise_code", sa.String(length=14), nullable=True))
    _shares()
    _copies()
    op.create_table(
        "attempt",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject"),
    )
    op.create_index("ix_attempt_since", "attempt", ["since"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_kind", sa.String(length=12), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("recipient_kind", "recipient", "kind", "about", name="uq_notice"),
    )
    op.create_index(
        "ix_notice_inbox", "notice", ["recipient_kind", "recipient", "created_at"], unique=False
    )


def _shares() -> None:
    op.create_table(
        "share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("preset", sa.String(length=16), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("enterprise_code", sa.String(length=14), nullable=True),
        sa.Column("addressee", sa.LargeBinary(length=32), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("max_views", sa.Integer(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("views >= 0 AND views <= max_views", name="ck_share_views"),
        sa.CheckConstraint("length(trim(purpose)) > 0", name="ck_share_purpose"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
    )
    for column in ("person_id", "enterprise_code", "addressee", "expires_at"):
        op.create_index(f"ix_share_{column}", "share", [column], unique=False)
    op.create_table(
        "sharing_switch",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "share_view",
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("viewer_kind", sa.String(length=12), nullable=False),
        sa.Column("viewer", sa.String(length=80), nullable=False),
        sa.Column("viewer_name", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("means", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"]),
        sa.PrimaryKeyConstraint("share_id", "number"),
    )


def _copies() -> None:
    op.create_table(
        "share_copy",
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("holder_kind", sa.String(length=12), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"]),
        sa.PrimaryKeyConstraint("share_id", "holder_kind", "holder"),
    )
    for name, columns in _COPY_INDEXES.items():
        op.create_index(name, "share_copy", columns, unique=False)
    op.create_table(
        "live_code_use",
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"]),
        sa.PrimaryKeyConstraint("nonce"),
    )
    op.create_index("ix_live_code_use_used_at", "live_code_use", ["used_at"], unique=False)


_COPY_INDEXES = {
    "ix_share_copy_person_seen": ["person_id", "last_seen_at"],
    "ix_share_copy_holder": ["holder_kind", "holder"],
    "ix_share_copy_due": ["state", "due_on"],
}


def downgrade() -> None:
    for table in (
        "notice",
        "attempt",
        "live_code_use",
        "share_copy",
        "share_view",
        "sharing_switch",
        "share",
    ):
        op.drop_table(table)
    op.drop_column("account", "enterprise_code")
