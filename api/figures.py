"""Figures for the monitoring (Prometheus): how many requests, how long, and how the whole stands.

Requests are counted by the thread that writes the access log, so that nobody waits for it. Labels
are templates of routes and statuses: no figure is about a person.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from labour_book.services.standing import Standing

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Upper bounds of the groups that durations are counted in."""
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})


class Figures:
    """What one process has counted since it began."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "labour_book_requests",
            "Requests answered",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "labour_book_request_seconds",
            "How long answers took",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._gauges = {
            name: Gauge(f"labour_book_{name}", about, registry=self.registry)
            for name, about in Standing.told().items()
        }

    def answered(self, method: str, route: str, status: int, milliseconds: float) -> None:
        """Count a request."""
        known = method if method in METHODS else "?"  # a stranger may send any word
        self.requests.labels(route, known, str(status)).inc()
        self.seconds.labels(route).observe(milliseconds / 1000)

    def written(self, now_standing: Standing) -> bytes:
        """Return everything in Prometheus' form."""
        for name, gauge in self._gauges.items():
            gauge.set(getattr(now_standing, name))
        return generate_latest(self.registry)


FIGURES = Figures()
"""Of this process."""
