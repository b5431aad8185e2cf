"""Placeholder: what faults and attacks ask for.

Why:   -
Locks: none.
Undo:  nothing.
"""

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
