"""Corrections: cases, their steps and files, what was decided and what of it changed.

Why:   a line that is wrong is put right by whoever keeps it, in time and with reasons; what was
       decided stays decided when a register repeats itself (FEATURES rows 37 to 43).
Locks: only new tables.
Undo:  drops every case with its files and decisions; the facts that decisions made stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _correction_case()
    _correction_step()
    _correction_file()
    _correction_decision()
    _decision_effect()
    _decided_statement()
    _official_relation()


def downgrade() -> None:
    op.drop_table("official_relation")
    op.drop_table("decided_statement")
    op.drop_table("decision_effect")
    op.drop_table("correction_decision")
    op.drop_table("correction_file")
    op.drop_table("correction_step")
    op.drop_table("correction_case")


def _correction_case() -> None:
    op.create_table(
        "correction_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=11), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ask", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("line_facts", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("employer_code", sa.String(length=14), nullable=True),
        sa.Column("employer_name", sa.String(length=300), nullable=False),
        sa.Column("assurance", sa.String(length=24), nullable=False),
        sa.Column("declared_kind", sa.String(length=16), nullable=False),
        sa.Column("declared_by", sa.String(length=80), nullable=False),
        sa.Column("assisted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submit_key", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("owner_kind", sa.String(length=12), nullable=True),
        sa.Column("owner_code", sa.String(length=24), nullable=True),
        sa.Column("queue", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("escalations", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_name", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("high_impact", sa.Boolean(), nullable=False),
        sa.Column("alternative", sa.Boolean(), nullable=False),
        sa.Column("employer_answer", sa.String(length=12), nullable=True),
        sa.Column("proposal", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_by", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sampled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submit_key"),
        sa.UniqueConstraint("number"),
    )
    op.create_index(
        "ix_correction_case_claimed",
        "correction_case",
        ["claimed_by", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_correction_case_declared",
        "correction_case",
        ["declared_by", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_correction_case_due",
        "correction_case",
        ["due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_correction_case_employer",
        "correction_case",
        ["employer_code", "kind", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_correction_case_person",
        "correction_case",
        ["person_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_correction_case_queue",
        "correction_case",
        ["queue", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_correction_case_sampled",
        "correction_case",
        ["sampled_at", "id"],
        unique=False,
        sqlite_where=sa.text("sampled_at IS NOT NULL"),
        postgresql_where=sa.text("sampled_at IS NOT NULL"),
    )
    op.create_index(
        "ix_correction_case_submitted",
        "correction_case",
        ["state_since"],
        unique=False,
        sqlite_where=sa.text("state = 'submitted'"),
        postgresql_where=sa.text("state = 'submitted'"),
    )


def _correction_step() -> None:
    op.create_table(
        "correction_step",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=True),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.Column("by_kind", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["correction_case.id"]),
        sa.PrimaryKeyConstraint("case_id", "ordinal"),
    )


def _correction_file() -> None:
    op.create_table(
        "correction_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("file_number", sa.Integer(), nullable=False),
        sa.Column("evidence_class", sa.String(length=24), nullable=False),
        sa.Column("media_type", sa.String(length=24), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by", sa.String(length=80), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["correction_case.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "file_number", name="uq_correction_file_number"),
    )
    op.create_index(
        "uq_correction_file_content",
        "correction_file",
        ["case_id", "sha256"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _correction_decision() -> None:
    op.create_table(
        "correction_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("appeal", sa.Boolean(), nullable=False),
        sa.Column("high_impact", sa.Boolean(), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_name", sa.String(length=120), nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.Column("confirmed_name", sa.String(length=120), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=True),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("reversed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["correction_case.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "ordinal", name="uq_correction_decision"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "ix_correction_decision_official",
        "correction_decision",
        ["decided_by", "at"],
        unique=False,
    )
    op.create_index(
        "ix_correction_decision_person",
        "correction_decision",
        ["person_id", "at"],
        unique=False,
    )
    op.create_index(
        "ix_correction_decision_unit",
        "correction_decision",
        ["unit_code", "at"],
        unique=False,
    )


def _decision_effect() -> None:
    op.create_table(
        "decision_effect",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("fact_kind", sa.String(length=16), nullable=False),
        sa.Column("deed", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["correction_decision.id"]),
        sa.PrimaryKeyConstraint("decision_id", "fact_id"),
    )


def _decided_statement() -> None:
    op.create_table(
        "decided_statement",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("fact_kind", sa.String(length=16), nullable=False),
        sa.Column("source_ref", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["correction_decision.id"]),
        sa.PrimaryKeyConstraint("decision_id", "fact_kind", "source_ref"),
    )
    op.create_index(
        "ix_decided_statement_in_force",
        "decided_statement",
        ["source_ref", "source"],
        unique=False,
        sqlite_where=sa.text("in_force"),
        postgresql_where=sa.text("in_force"),
    )


def _official_relation() -> None:
    op.create_table(
        "official_relation",
        sa.Column("account_id", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("account_id", "person_id"),
    )
