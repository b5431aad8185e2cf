"""What employers file: hires, changes and ends of work.

Why:   an employer declares by form, workbook or software; each declaration has a receipt, keeps
       its lateness, and is never edited: a further one sets it aside.
Locks: only a new table.
Undo:  drops the declarations; the facts that were recorded from them stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("receipt_no", sa.String(length=16), nullable=False),
        sa.Column("enterprise_code", sa.String(length=14), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.String(length=80), nullable=False),
        sa.Column("filed_by_name", sa.String(length=120), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=True),
        sa.Column("share_id", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("row_ordinal", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["corrects_id"], ["filing.id"]),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_no"),
        sa.UniqueConstraint("corrects_id", name="uq_filing_corrects"),
        sa.UniqueConstraint("enterprise_code", "idempotency_key", name="uq_filing_idempotency"),
    )
    op.create_index("ix_filing_person_id", "filing", ["person_id"], unique=False)
    op.create_index("ix_filing_run_id", "filing", ["run_id"], unique=False)
    op.create_index("ix_filing_of_enterprise", "filing", ["enterprise_code", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("filing")
