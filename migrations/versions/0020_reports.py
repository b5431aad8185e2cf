"""Placeholder: snapshots of statistics and reports.

Why:   -
Locks: none.
Undo:  nothing.
"""

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
