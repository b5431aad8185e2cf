"""The officials' desk: pages for those who decide, collect, look after, and oversee all day."""

from api.pages.desk import (
    admin,
    admin_keys,
    admin_mail,
    admin_units,
    assisted,
    case,
    collection,
    data_requests,
    files,
    form03,
    notices,
    oversight,
    paper,
    people,
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
    form03.router,
    uploads.router,
    paper.router,
    review.router,
    oversight.router,
    data_requests.router,
    admin.router,
    admin_units.router,
    admin_keys.router,
    admin_mail.router,
)
"""One for each topic, in the order of the navigation."""

MIB = 1024 * 1024
BODIES: dict[str, int] = {assisted.UPLOADED_TO: 11 * MIB}
"""Bytes that forms of the desk take which carry files, by path; see ``api.limits``."""
