"""What workers do about missing months, and how satisfied they are with what became of a request.

Why:   a question to an employer, a complaint and the bridge with voluntary insurance are begun once
       for each missing month and followed to their end. Satisfaction is asked after each finished
       request; the row names no person, so that numbers cannot lead to one.
Locks: only new tables.
Undo:  drops both; dossiers at the portal and corrections that came of a step stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "gap_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("firm", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enterprise_code", sa.String(length=14), nullable=True),
        sa.Column("employer_name", sa.String(length=300), nullable=False),
        sa.Column("months", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answer_words", sa.LargeBinary(), nullable=True),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("case_numbers", sa.String(length=200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["dossier_id"], ["portal_dossier.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "firm", "way", "number", name="uq_gap_step"),
    )
    op.create_index("ix_gap_step_firm", "gap_step", ["firm", "way", "due_on"])
    op.create_index(
        "ix_gap_step_waiting",
        "gap_step",
        ["due_on"],
        sqlite_where=sa.text("due_on IS NOT NULL AND answer IS NULL"),
        postgresql_where=sa.text("due_on IS NOT NULL AND answer IS NULL"),
    )
    op.create_table(
        "satisfaction",
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("about_id"),
    )
    op.create_index("ix_satisfaction_month", "satisfaction", ["month", "commune_code", "unit_code"])


def downgrade() -> None:
    op.drop_table("satisfaction")
    op.drop_table("gap_step")
