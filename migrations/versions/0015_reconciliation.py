"""How people compare with the population register, and who may be whom.

Why:   a mismatch needs its cause, when it was found and when it was last tried; passes over many
       rows have to resume, and what they propose waits for an official.
Locks: new tables; one index on ``person``, which SQLite and PostgreSQL build while writers wait.
Undo:  drops them; the state of each person stays, without when it was found.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "identity_check",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("causes", sa.String(length=400), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    _create_runs()
    _create_proposals()
    in_doubt = sa.text("match_state <> 'MATCHED'")
    op.create_index(
        "ix_person_in_doubt",
        "person",
        ["match_state", "match_cause", "id"],
        unique=False,
        sqlite_where=in_doubt,
        postgresql_where=in_doubt,
    )


def downgrade() -> None:
    op.drop_index("ix_person_in_doubt", table_name="person")
    op.drop_table("link_proposal")
    op.drop_table("link_run")
    op.drop_table("identity_check")


def _create_runs() -> None:
    op.create_table(
        "link_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    running = sa.text("state = 'running'")
    op.create_index(
        "uq_link_run_running",
        "link_run",
        ["kind", "source"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _create_proposals() -> None:
    op.create_table(
        "link_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("levels", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["link_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "person_id", name="uq_link_proposal_pair"),
    )
    for name, columns in (
        ("ix_link_proposal_open", ["kind", "state", "commune_code", "id"]),
        ("ix_link_proposal_person_id", ["person_id"]),
        ("ix_link_proposal_run_id", ["run_id"]),
    ):
        op.create_index(name, "link_proposal", columns, unique=False)
