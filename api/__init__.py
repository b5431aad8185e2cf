"""HTTP. The only package that knows FastAPI and status codes; all else it asks ``services``."""
