"""What we ask the database: all SQL is here, as functions of ``(db, ...)``; no rule is."""
