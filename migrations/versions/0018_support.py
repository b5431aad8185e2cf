"""Placeholder: job losses, proposals of support and what became of them.

Why:   -
Locks: none.
Undo:  nothing.
"""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
