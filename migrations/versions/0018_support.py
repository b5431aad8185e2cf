"""Losses of work that were found, support proposed for them, and lists of what is to be paid.

Why:   who has lost work is told in time what the law gives, and nobody gets the same twice. A loss
       is one row for a person, a firm and a month; a proposal one for a person and a policy; and on
       lists of payments nobody stands twice for one policy and month.
Locks: only new tables.
Undo:  drops them; what was handed to the service portal stays there and among the dossiers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    _losses()
    _proposals()
    _payments()


def downgrade() -> None:
    for table in (
        *("payment_line", "payment_list", "support_proposal"),
        *("job_loss_run", "job_loss"),
    ):
        op.drop_table(table)


def _losses() -> None:
    op.create_table(
        "job_loss",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("firm", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("employer_name", sa.String(length=300), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("clause", sa.Integer(), nullable=True),
        sa.Column("signals", sa.String(length=80), nullable=False),
        sa.Column("firm_status", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "firm", "month", name="uq_job_loss"),
    )
    op.create_index("ix_job_loss_commune", "job_loss", ["commune_code", "state", "month"])
    op.create_index("ix_job_loss_employer", "job_loss", ["employer_id", "month"])
    op.create_table(
        "job_loss_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("changed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported", sa.String(length=7), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_job_loss_run_running",
        "job_loss_run",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )


def _proposals() -> None:
    op.create_table(
        "support_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=False),
        sa.Column("job_loss_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=True),
        sa.Column("sum_value", sa.String(length=24), nullable=True),
        sa.Column("sum_unit", sa.String(length=20), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("overlap", sa.String(length=12), nullable=False),
        sa.Column("overlap_on", sa.Date(), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["portal_dossier.id"]),
        sa.ForeignKeyConstraint(["job_loss_id"], ["job_loss.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "policy", "about", name="uq_support_proposal"),
    )
    for column in ("dossier_id", "job_loss_id"):
        op.create_index(f"ix_support_proposal_{column}", "support_proposal", [column])
    op.create_index(
        "ix_support_proposal_commune", "support_proposal", ["commune_code", "state", "id"]
    )
    op.create_index(
        "uq_support_proposal_open",
        "support_proposal",
        ["person_id", "policy"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _payments() -> None:
    op.create_table(
        "payment_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("total_vnd", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("drafted_by", sa.String(length=80), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_payment_list_unit_code", "payment_list", ["unit_code"])
    op.create_table(
        "payment_line",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["payment_list.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["support_proposal.id"]),
        sa.PrimaryKeyConstraint("list_id", "number"),
    )
    op.create_index("ix_payment_line_proposal_id", "payment_line", ["proposal_id"])
    op.create_index(
        "uq_payment_line",
        "payment_line",
        ["person_id", "policy", "month"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
