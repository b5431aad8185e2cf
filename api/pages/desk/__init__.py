"""The officials' desk: pages for those who decide, collect, look after, and oversee all day."""

from api.pages.desk import (
    admin,
    admin_events,
    admin_keys,
    admin_mail,
    admin_registers,
    admin_units,
    alerts,
    assisted,
    case,
    collection,
    data_requests,
    field_forms,
    files,
    form03,
    law,
    matching,
    notices,
    oversight,
    paper,
    people,
    quality,
    queue,
    review,
    start,
    uploads,
)

ROUTERS = (
    files.router,
    start.router,
    notices.router,
    queue.router,
    case.router,
    people.router,
    assisted.router,
    collection.router,
    field_forms.router,
    form03.router,
    uploads.router,
    paper.router,
    review.router,
    matching.router,
    oversight.router,
    data_requests.router,
    quality.router,
    law.router,
    admin.router,
    admin_units.router,
    admin_keys.router,
    admin_mail.router,
    admin_registers.router,
    admin_events.router,
    alerts.router,
)
"""One for each topic, in the order of the navigation."""

MIB = 1024 * 1024
BODIES: dict[str, int] = {assisted.UPLOADED_TO: 11 * MIB}
"""Bytes that forms of the desk take which carry files, by path; see ``api.limits``."""
