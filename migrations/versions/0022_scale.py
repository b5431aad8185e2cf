"""Background work as rows: what is to be done, how far it is, who is at it and until when.

Why:   work of hours (issuing to everybody, the daily steps, a full round of checks) is shared by
       processes and machines, survives any of them, and is seen and stopped at the desk.
       The index by which status lists are made holds what they say: no version is read for them.
Locks: a new table. Versions are not written while that index is made anew: it holds only those
       superseded or revoked, some seconds for a million of them.
Undo:  drops the table; what was under way is asked for again. What it had done stays done. The
       index is as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

NOT_VALID = "ix_book_version_not_valid"
ENDED = sa.text("state <> 'current'")
OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("slot", sa.String(40), nullable=True),
        sa.Column("first", sa.String(40), nullable=False),
        sa.Column("last", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("position", sa.String(40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(80), nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(40), nullable=True),
        sa.Column("asked_by", sa.String(80), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("begun_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.UniqueConstraint("slot", name="uq_job_slot"),
    )
    op.create_index(
        "ix_job_open", "job", ["due_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_job_run", "job", ["run_id", "part"])
    _index_not_valid(["status_list_id", "status_index", "state"])


def downgrade() -> None:
    _index_not_valid(["status_list_id"])
    op.drop_table("job")


def _index_not_valid(columns: list[str]) -> None:
    op.drop_index(NOT_VALID, table_name="book_version")
    op.create_index(NOT_VALID, "book_version", columns, sqlite_where=ENDED, postgresql_where=ENDED)
