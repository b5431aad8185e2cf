"""What registers tell us of changes, which lines somebody has to look at, and what we tell others.

Why:   registers send notifications of changes, more than once and in any order; each is kept until
       it is done with. Lines of books that a change makes doubtful are put before a unit. Other
       systems fetch what has become of books.
Locks: only new tables.
Undo:  drops what waits in the inbox, the marked lines and the numbers of the outgoing feed; facts
       and versions that notifications have made stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _inbox()
    _lines()
    _outgoing()


def _inbox() -> None:
    op.create_table(
        "register_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register_name", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("data_as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("register_name", "message_id", name="uq_register_event_message"),
    )
    for name, columns, condition in (
        ("waiting", ["register_name", "data_as_of", "message_id"], "state = 'waiting'"),
        ("open", ["subject", "state"], "state <> 'done'"),
        ("told", ["register_name", "subject", "data_as_of"], "body IS NOT NULL"),
        ("spreading", ["received_at", "id"], "state = 'spread'"),
    ):
        op.create_index(
            f"ix_register_event_{name}",
            "register_event",
            columns,
            unique=False,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
    op.create_table(
        "employer_before",
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("base_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "register_feed",
        sa.Column("register_name", sa.String(length=16), nullable=False),
        sa.Column("cursor", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("register_name"),
    )


def _lines() -> None:
    op.create_table(
        "line_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employer_code", sa.String(length=14), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("close_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_line_alert_person_id", "line_alert", ["person_id"], unique=False)
    op.create_index(
        "uq_line_alert_open",
        "line_alert",
        ["person_id", "employer_code", "cause"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_line_alert_unit",
        "line_alert",
        ["unit_code", "opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _outgoing() -> None:
    op.create_table(
        "own_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number", name="uq_own_event_number"),
    )
    op.create_index(
        "ix_own_event_unnumbered",
        "own_event",
        ["at", "id"],
        unique=False,
        sqlite_where=sa.text("number IS NULL"),
        postgresql_where=sa.text("number IS NULL"),
    )


def downgrade() -> None:
    for table in ("own_event", "line_alert", "register_feed", "employer_before", "register_event"):
        op.drop_table(table)
