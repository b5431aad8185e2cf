"""The QR codes that a worker shows, of a share's address or a live code's."""

from labour_book.documents import qr_png, qr_svg


def svg_of(address: str) -> str:
    """Return the QR code of an address as SVG; it takes a while: draw after the transaction."""
    return qr_svg(address)


def png_of(address: str) -> bytes:
    """Return the same as PNG."""
    return qr_png(address)
