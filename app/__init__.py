"""The citizen's app (Flet): the worker's own book in the browser, on the phone, on the desktop.

It is a client of our HTTP interface and knows nothing else of the service.
"""
