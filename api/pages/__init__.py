"""Server-rendered pages: plain HTML with one style sheet inside, no script, nothing loaded."""

from api.pages.rendering import STYLE_SOURCE, error_page, page

__all__ = ["STYLE_SOURCE", "error_page", "page"]
