"""Collecting Form 03: files received, plans, visits, forms, reviews, merges, old paper books.

Why:   communes send, plan, enter and review on the web what came by command so far; people on
       file twice are merged by two officials, and a page of an old book is read by two.
Locks: new tables, and one empty column and one index of ``row_receipt``: no row is rewritten, and
       imports wait while the index is built.
Undo:  drops plans, visits, decisions, merges and scans; what was recorded through them stays, and
       so do the facts that a merge moved.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _receipts()
    _files()
    _plans()
    _decisions()
    _merges()
    _pages()


def _receipts() -> None:
    op.add_column("row_receipt", sa.Column("commune_code", sa.String(length=5), nullable=True))
    op.create_index(
        "ix_row_receipt_review",
        "row_receipt",
        ["cause", "run_id", "ordinal"],
        unique=False,
        sqlite_where=sa.text("outcome = 'needs_review'"),
        postgresql_where=sa.text("outcome = 'needs_review'"),
    )


def _files() -> None:
    op.create_table(
        "received_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.Column("sent_by", sa.String(length=80), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_received_file_open",
        "received_file",
        ["sent_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_index("ix_received_file_run_id", "received_file", ["run_id"], unique=False)
    op.create_index(
        "ix_received_file_unit", "received_file", ["unit_code", "sent_at"], unique=False
    )


def _plans() -> None:
    op.create_table(
        "collection_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("hamlet", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("collector", sa.String(length=120), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("commune_code", "year", "round", "hamlet", name="uq_collection_plan"),
    )
    op.create_table(
        "collection_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("household_code", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["collection_plan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("plan_id", "person_id", name="uq_collection_visit_person"),
    )
    op.create_index(
        "ix_collection_visit_person_id", "collection_visit", ["person_id"], unique=False
    )
    op.create_index(
        "ix_collection_visit_plan", "collection_visit", ["plan_id", "state", "id"], unique=False
    )
    op.create_table(
        "entered_form",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["collection_visit.id"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("run_id"),
    )
    op.create_index("ix_entered_form_visit_id", "entered_form", ["visit_id"], unique=False)


def _decisions() -> None:
    op.create_table(
        "review_decision",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("result_run_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["result_run_id"],
            ["import_run.id"],
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "ordinal"),
    )


def _merges() -> None:
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_reason", sa.String(length=200), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_reason", sa.String(length=200), nullable=True),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_merge_kept_id", "person_merge", ["kept_id"], unique=False)
    op.create_index("ix_person_merge_state", "person_merge", ["state", "proposed_at"], unique=False)
    op.create_index(
        "uq_person_merge_open",
        "person_merge",
        ["merged_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'done')"),
        postgresql_where=sa.text("state IN ('proposed', 'done')"),
    )


def _pages() -> None:
    op.create_table(
        "paper_page",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.Column("page_ref", sa.String(length=60), nullable=False),
        sa.Column("scan", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("scanned_by", sa.String(length=80), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=True),
        sa.Column("transcribed_by", sa.String(length=80), nullable=True),
        sa.Column("transcribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=80), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_paper_page_open", "paper_page", ["unit_code", "state", "scanned_at"], unique=False
    )
    op.create_index("ix_paper_page_person_id", "paper_page", ["person_id"], unique=False)


def downgrade() -> None:
    for table in (
        "paper_page",
        "person_merge",
        "review_decision",
        "entered_form",
        "collection_visit",
        "collection_plan",
        "received_file",
    ):
        op.drop_table(table)
    op.drop_index("ix_row_receipt_review", "row_receipt")
    op.drop_column("row_receipt", "commune_code")
