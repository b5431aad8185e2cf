"""The spine: people, employers, facts, imports, books, keys, trace.

Why:   the first schema.
Locks: nothing is there yet.
Undo:  drops every table and all that is in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("mapping_sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("failure", sa.String(length=400), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_run_file_sha256", "import_run", ["file_sha256"], unique=False)
    op.create_index(
        "uq_import_run_running",
        "import_run",
        ["file_sha256", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=200), nullable=False),
        sa.Column("identity_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("birth_date", sa.String(length=10), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("ethnic_code", sa.String(length=2), nullable=True),
        sa.Column("residence_commune", sa.String(length=5), nullable=True),
        sa.Column("life_status", sa.String(length=12), nullable=False),
        sa.Column("life_status_on", sa.Date(), nullable=True),
        sa.Column("match_state", sa.String(length=12), nullable=False),
        sa.Column("match_cause", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_identity_key", "person", ["identity_key"], unique=False)
    op.create_index("ix_person_residence_commune", "person", ["residence_commune"], unique=False)
    op.create_index("ix_person_search_key", "person", ["search_key"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_code", sa.String(length=5), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("level", "code", "valid_from", name="uq_place"),
    )
    op.create_index("ix_place_code", "place", ["code"], unique=False)
    op.create_table(
        "place_succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old_code", sa.String(length=5), nullable=False),
        sa.Column("new_code", sa.String(length=5), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_split", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("old_code", "new_code", name="uq_place_succession"),
    )
    op.create_index("ix_place_succession_new_code", "place_succession", ["new_code"], unique=False)
    op.create_index("ix_place_succession_old_code", "place_succession", ["old_code"], unique=False)
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("use", sa.String(length=16), nullable=False),
        sa.Column("chain_pem", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid"),
    )
    op.create_index(
        "uq_signing_key_active",
        "signing_key",
        ["use"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "status_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("allocated", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "trace",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_trace_person_id", "trace", ["person_id"], unique=False)
    op.create_table(
        "trace_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "unit",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("place_code", sa.String(length=5), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_code"],
            ["unit.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_unit_parent_code", "unit", ["parent_code"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_account_person_id", "account", ["person_id"], unique=False)
    op.create_table(
        "book",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("book_no", sa.String(length=24), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
        sa.UniqueConstraint("book_no"),
    )
    op.create_table(
        "book_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("record_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("status_list_id", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("lookup_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["status_list_id"],
            ["status_list.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("lookup_hash"),
        sa.UniqueConstraint("person_id", "version", name="uq_book_version"),
        sa.UniqueConstraint("status_list_id", "status_index", name="uq_book_version_status"),
    )
    op.create_index(
        "ix_book_version_not_valid",
        "book_version",
        ["status_list_id"],
        unique=False,
        sqlite_where=sa.text("state <> 'current'"),
        postgresql_where=sa.text("state <> 'current'"),
    )
    op.create_index(
        "uq_book_version_current",
        "book_version",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.create_table(
        "employer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=14), nullable=False),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.Column("legal_form", sa.String(length=16), nullable=True),
        sa.Column("vsic_code", sa.String(length=8), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("zone", sa.String(length=200), nullable=True),
        sa.Column("zone_kind", sa.String(length=4), nullable=True),
        sa.Column("expected_headcount", sa.Integer(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "person_identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("blind_index", "person_id", name="uq_person_identifier"),
    )
    op.create_index(
        "ix_person_identifier_person_id", "person_identifier", ["person_id"], unique=False
    )
    op.create_index(
        "uq_person_identifier_number",
        "person_identifier",
        ["blind_index"],
        unique=True,
        sqlite_where=sa.text("kind <> 'CMND9'"),
        postgresql_where=sa.text("kind <> 'CMND9'"),
    )
    op.create_table(
        "profile_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("source_ref", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("flags", sa.String(length=400), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.String(length=80), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
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
    op.create_index("ix_profile_fact_person_id", "profile_fact", ["person_id"], unique=False)
    op.create_index(
        "uq_profile_fact_live_reference",
        "profile_fact",
        ["source_ref", "source"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_table(
        "qualification_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("source_ref", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("flags", sa.String(length=400), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.String(length=80), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("issued_on", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
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
        "ix_qualification_fact_person_id", "qualification_fact", ["person_id"], unique=False
    )
    op.create_index(
        "uq_qualification_fact_live_reference",
        "qualification_fact",
        ["source_ref", "source"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_table(
        "row_receipt",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("matched_by", sa.String(length=24), nullable=True),
        sa.Column("statement_key", sa.BigInteger(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["import_run.id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "ordinal"),
    )
    op.create_index("ix_row_receipt_person_id", "row_receipt", ["person_id"], unique=False)
    op.create_index(
        "ix_row_receipt_held",
        "row_receipt",
        ["statement_key"],
        unique=False,
        sqlite_where=sa.text("fingerprint IS NOT NULL"),
        postgresql_where=sa.text("fingerprint IS NOT NULL"),
    )
    op.create_table(
        "access_token",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_access_token_account_id", "access_token", ["account_id"], unique=False)
    op.create_table(
        "employer_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("employer_id", "name", "valid_from", name="uq_employer_name"),
    )
    op.create_index("ix_employer_name_employer_id", "employer_name", ["employer_id"], unique=False)
    op.create_table(
        "employer_status",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("employer_id", "status", "since", name="uq_employer_status"),
    )
    op.create_index(
        "ix_employer_status_employer_id", "employer_status", ["employer_id"], unique=False
    )
    op.create_table(
        "employment_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("source_ref", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("flags", sa.String(length=400), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.String(length=80), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("employer_code", sa.String(length=14), nullable=True),
        sa.Column("employer_name", sa.String(length=300), nullable=False),
        sa.Column("position", sa.String(length=300), nullable=False),
        sa.Column("occupation_code", sa.String(length=5), nullable=True),
        sa.Column("contract_kind", sa.String(length=12), nullable=True),
        sa.Column("contract_id", sa.String(length=40), nullable=True),
        sa.Column("event_sequence", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=True),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("workplace_commune", sa.String(length=5), nullable=True),
        sa.Column("workplace_text", sa.String(length=400), nullable=True),
        sa.Column("end_reason_clause", sa.Integer(), nullable=True),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("employment_position", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
        ),
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
        "ix_employment_fact_contract_id", "employment_fact", ["contract_id"], unique=False
    )
    op.create_index(
        "ix_employment_fact_employer_id", "employment_fact", ["employer_id"], unique=False
    )
    op.create_index("ix_employment_fact_person_id", "employment_fact", ["person_id"], unique=False)
    op.create_index(
        "uq_employment_fact_live_reference",
        "employment_fact",
        ["source_ref", "source"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_index(
        "uq_employment_fact_message",
        "employment_fact",
        ["message_id"],
        unique=True,
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_table(
        "insurance_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("source_ref", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("flags", sa.String(length=400), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.String(length=80), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("employer_code", sa.String(length=14), nullable=True),
        sa.Column("employer_name", sa.String(length=300), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=True),
        sa.Column("position", sa.String(length=300), nullable=False),
        sa.Column("wage_base_vnd", sa.BigInteger(), nullable=False),
        sa.Column("fund_si", sa.Boolean(), nullable=False),
        sa.Column("fund_ui", sa.Boolean(), nullable=False),
        sa.Column("fund_hi", sa.Boolean(), nullable=False),
        sa.Column("fund_vol", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
        ),
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
        "ix_insurance_fact_employer_id", "insurance_fact", ["employer_id"], unique=False
    )
    op.create_index("ix_insurance_fact_person_id", "insurance_fact", ["person_id"], unique=False)
    op.create_index(
        "ix_insurance_fact_running",
        "insurance_fact",
        ["stated_at"],
        unique=False,
        sqlite_where=sa.text("last_month IS NULL"),
        postgresql_where=sa.text("last_month IS NULL"),
    )
    op.create_index(
        "uq_insurance_fact_live_reference",
        "insurance_fact",
        ["source_ref", "source"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_insurance_fact_live_reference",
        table_name="insurance_fact",
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.drop_index(
        "ix_insurance_fact_running",
        table_name="insurance_fact",
        sqlite_where=sa.text("last_month IS NULL"),
        postgresql_where=sa.text("last_month IS NULL"),
    )
    op.drop_index("ix_insurance_fact_person_id", table_name="insurance_fact")
    op.drop_index("ix_insurance_fact_employer_id", table_name="insurance_fact")
    op.drop_table("insurance_fact")
    op.drop_index(
        "uq_employment_fact_message",
        table_name="employment_fact",
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_employment_fact_live_reference",
        table_name="employment_fact",
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.drop_index("ix_employment_fact_person_id", table_name="employment_fact")
    op.drop_index("ix_employment_fact_employer_id", table_name="employment_fact")
    op.drop_index("ix_employment_fact_contract_id", table_name="employment_fact")
    op.drop_table("employment_fact")
    op.drop_index("ix_employer_status_employer_id", table_name="employer_status")
    op.drop_table("employer_status")
    op.drop_index("ix_employer_name_employer_id", table_name="employer_name")
    op.drop_table("employer_name")
    op.drop_index("ix_access_token_account_id", table_name="access_token")
    op.drop_table("access_token")
    op.drop_index(
        "ix_row_receipt_held",
        table_name="row_receipt",
        sqlite_where=sa.text("fingerprint IS NOT NULL"),
        postgresql_where=sa.text("fingerprint IS NOT NULL"),
    )
    op.drop_index("ix_row_receipt_person_id", table_name="row_receipt")
    op.drop_table("row_receipt")
    op.drop_index(
        "uq_qualification_fact_live_reference",
        table_name="qualification_fact",
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.drop_index("ix_qualification_fact_person_id", table_name="qualification_fact")
    op.drop_table("qualification_fact")
    op.drop_index(
        "uq_profile_fact_live_reference",
        table_name="profile_fact",
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.drop_index("ix_profile_fact_person_id", table_name="profile_fact")
    op.drop_table("profile_fact")
    op.drop_index(
        "uq_person_identifier_number",
        table_name="person_identifier",
        sqlite_where=sa.text("kind <> 'CMND9'"),
        postgresql_where=sa.text("kind <> 'CMND9'"),
    )
    op.drop_index("ix_person_identifier_person_id", table_name="person_identifier")
    op.drop_table("person_identifier")
    op.drop_table("employer")
    op.drop_index(
        "uq_book_version_current",
        table_name="book_version",
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.drop_index(
        "ix_book_version_not_valid",
        table_name="book_version",
        sqlite_where=sa.text("state <> 'current'"),
        postgresql_where=sa.text("state <> 'current'"),
    )
    op.drop_table("book_version")
    op.drop_table("book")
    op.drop_index("ix_account_person_id", table_name="account")
    op.drop_table("account")
    op.drop_index("ix_unit_parent_code", table_name="unit")
    op.drop_table("unit")
    op.drop_table("trace_head")
    op.drop_index("ix_trace_person_id", table_name="trace")
    op.drop_table("trace")
    op.drop_table("status_list")
    op.drop_index(
        "uq_signing_key_active",
        table_name="signing_key",
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.drop_table("signing_key")
    op.drop_index("ix_place_succession_old_code", table_name="place_succession")
    op.drop_index("ix_place_succession_new_code", table_name="place_succession")
    op.drop_table("place_succession")
    op.drop_index("ix_place_code", table_name="place")
    op.drop_table("place")
    op.drop_index("ix_person_search_key", table_name="person")
    op.drop_index("ix_person_residence_commune", table_name="person")
    op.drop_index("ix_person_identity_key", table_name="person")
    op.drop_table("person")
    op.drop_index(
        "uq_import_run_running",
        table_name="import_run",
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_index("ix_import_run_file_sha256", table_name="import_run")
    op.drop_table("import_run")
