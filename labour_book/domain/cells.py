"""What a spreadsheet program computes instead of showing."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Characters at which the text of a cell is taken for a formula."""
