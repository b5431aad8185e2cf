"""Traces of single requests (OpenTelemetry), where a setting asks for them; nobody is named.

A span has the route's template, the method and the status: no address, no header, no value. What
reaches the collector may be read by whoever runs it.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access_log import template
from labour_book.errors import Unavailable
from labour_book.settings import Settings

if TYPE_CHECKING:  # installed only where it is asked for: labour-book[tracing]
    from opentelemetry.sdk.trace import TracerProvider


def install(app: FastAPI, settings: Settings) -> None:
    """Trace requests if a collector is set.

    Raises:
        Unavailable: it is, and OpenTelemetry is not installed.
    """
    if settings.tracing_endpoint:
        app.add_middleware(Tracing, provider=exporting(settings))


def exporting(settings: Settings) -> "TracerProvider":
    """Return what makes spans and sends them to the collector, in the background.

    Raises:
        Unavailable: OpenTelemetry is not installed.
    """
    if find_spec("opentelemetry.sdk") is None:
        raise Unavailable("traces need OpenTelemetry: install labour-book[tracing]")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - the same extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - the same extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - the same extra
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415 - the same extra

    provider = TracerProvider(
        resource=Resource({"service.name": "labour-book"}),
        sampler=ParentBasedTraceIdRatio(settings.tracing_permille / 1000),
    )
    exporter = OTLPSpanExporter(endpoint=settings.tracing_endpoint)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class Tracing:
    """ASGI: one span for each request."""

    def __init__(self, app: ASGIApp, provider: "TracerProvider") -> None:
        self.app = app
        self.tracer: Any = provider.get_tracer("labour_book.api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.tracer.start_as_current_span("request", record_exception=False) as span:

            async def watched(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            try:
                await self.app(scope, receive, watched)
            finally:
                route = template(scope)
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.request.method", scope["method"])
