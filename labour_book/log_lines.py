"""What the program tells of itself, as lines of JSON: when, how grave, which part, what.

An exception is told by its kind and by where it arose, never by its text: that may hold a value of
a person.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "labour_book.log_lines.JsonLines"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "httpx": {"level": "WARNING"},  # writes addresses
        "uvicorn": {"level": "INFO"},
        "weasyprint": {"level": "WARNING"},  # tells of every step of every page
    },
}
"""For ``logging.config.dictConfig``, and uvicorn's ``log_config``."""


class JsonLines(logging.Formatter):
    """One line of JSON for each thing that is told."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name,
            "said": record.getMessage(),
        }
        kind, error, where = record.exc_info or (None, None, None)
        if kind is not None and error is not None:
            told["error"] = kind.__name__
            told["places"] = [
                f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(where)
            ]
        return json.dumps(told, ensure_ascii=False)
