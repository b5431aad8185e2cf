"""Where the rows of each table go once one PostgreSQL is not enough: by which column, or whole.

PostgreSQL's own hash partitions and Citus ask the same: a column by which rows are spread, present
in every unique key. The person is that column: nearly all work is about one person at a time, and
what is known of a person then lies on one machine. ``deploy/sharding.md`` is made from this.
"""

BY_PERSON = {"person": "id"} | dict.fromkeys(
    (
        *("book", "book_version", "correction_case", "cv_photo"),
        *("data_request", "employment_fact", "gap_step", "identity_check", "insurance_fact"),
        *("job_loss", "job_seeking", "line_alert", "line_confirmation", "own_cv", "own_event"),
        *("paper_page", "payment_line", "person_identifier", "portal_dossier", "profile_fact"),
        *("qualification_fact", "quality_mark", "share", "share_copy", "sharing_switch"),
        *("support_proposal", "wallet_delivery", "wallet_offer", "yearly_check"),
    ),
    "person_id",
)
"""Spread by the person."""

BY_OTHER = {
    "correction_step": "case_id",
    "correction_file": "case_id",
    "correction_decision": "case_id",
    "decision_effect": "decision_id",
    "decided_statement": "decision_id",
    "share_view": "share_id",
    "credential_copy": "version_id",
    "collection_visit": "plan_id",
    "check_finding": "subject",
    "check_review": "finding_id",
    "filing": "enterprise_code",
    "notice": "recipient",
    "notice_channel": "recipient",
    "outbox_mail": "channel_id",
    "row_receipt": "run_id",
    "review_decision": "run_id",
    "register_event": "subject",
    "trace": "at",
    "attempt": "subject",
}
"""Spread by something else that whoever reads them knows; the trace by month, as it is kept."""

EVERYWHERE = frozenset(
    {
        *("employer", "employer_before", "employer_name", "employer_status"),
        *("place", "place_succession", "unit", "signing_key", "status_list"),
        *("assigned_target", "supplied_figure", "check_threshold"),
    }
)
"""Small and read by all: a copy of the whole on every machine (a *reference table* in Citus)."""

IN_ONE_PLACE = frozenset(
    {
        *("access_token", "account", "account_holder", "account_invitation", "mandate"),
        *("machine_client", "official_relation", "session", "sign_in_identity", "sign_in_start"),
        *("used_token", "live_code_use", "presentation_request", "satisfaction"),
        *("wallet_authorization", "wallet_copy", "wallet_token", "wallet_use"),
        *("import_run", "received_file", "entered_form", "register_feed", "job", "job_loss_run"),
        *("link_run", "link_proposal", "person_merge", "check_run", "collection_plan"),
        *("coverage_count", "coverage_round", "quality_snapshot", "report", "report_file"),
        *("statistic_cell", "statistic_month", "statistic_move", "payment_list", "trace_head"),
        "union_figure",
    }
)
"""Short-lived, or few: on the machine that coordinates."""

CROSSING = {
    "a person by personal ID": "person_identifier.blind_index",
    "a version by the code printed on it": "book_version.lookup_hash",
    "a share by its code": "share.code_hash",
    "through which month the insurance register has reported": "one row of each machine",
    "the entries of a status list": "book_version.status_list_id, status_index",
    "a fact by its source's own name": "source_ref, source of the fact tables",
    "a queue of correction cases": "correction_case.queue, due_on",
    "people of a commune by name": "person.residence_commune, name_key",
    "statistics, quality and reports": "read all; on a replica",
}
"""What is asked without knowing the person: each machine is asked, or an index table beside says
on which one to ask. The first three are asked often and need such a table
(``key -> person_id``, spread by the key) before the move."""
