"""Placeholder: prepared tables of statistics.

Why:   -
Locks: none.
Undo:  nothing.
"""

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
