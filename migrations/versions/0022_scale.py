"""Placeholder: what background work at scale needs.

Why:   -
Locks: none.
Undo:  nothing.
"""

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
