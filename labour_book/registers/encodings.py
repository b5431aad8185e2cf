"""Which encoding a text file has: only UTF-8 is read, the others are named.

Vietnamese registers still send files in Windows-1258, TCVN3 (ABC) and VNI; a guess would turn
names into other names, so the sender is asked to save the file again.
"""

import re
import unicodedata
from typing import BinaryIO

from labour_book.errors import Invalid

_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = {b"\xff\xfe\x00\x00": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_BINARY_STARTS = {
    b"PK\x03\x04": "XLSX or ZIP",
    b"\xd0\xcf\x11\xe0": "XLS or encrypted Excel",
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
}
_VIETNAMESE = frozenset("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_MARKED = 0.6
"""Part of the bytes of a line that are beyond ASCII in Vietnamese text, at the most."""
# TCVN3 puts đ ă â ê ô ơ ư and the marked vowels on bytes that are signs elsewhere
_TCVN3 = re.compile(rb"[\xa8-\xae\xb5-\xb9\xbb-\xbe\xc6-\xcf\xd0-\xde\xdf-\xef\xf1-\xfe]")
# VNI writes a plain vowel and then one byte for its marks
_VNI = re.compile(
    rb"[aeouyAEOUY][\xd5\xf5\xd9\xf9\xd8\xf8\xdb\xfb\xcf\xef\xc2\xe2\xc1\xe1\xc0\xe0\xc5\xe5"
    rb"\xc3\xe3\xc4\xe4\xca\xea\xc9\xe9\xc8\xe8\xda\xfa\xdc\xfc\xcb\xeb]"
)


def check_start(file: BinaryIO) -> int:
    """Return where the text begins, after a UTF-8 byte-order mark if there is one.

    Raises:
        Invalid: the file is not text, or UTF-16 or UTF-32.
    """
    start = file.read(512)
    for mark, name in _OTHER_BOMS.items():
        if start.startswith(mark):
            raise wrong_encoding(name, line=1)
    for mark, name in _BINARY_STARTS.items():
        if start.startswith(mark):
            raise Invalid(f"This is a {name} file, not text", cause="WRONG_FILE", looks_like=name)
    if start.count(0) > len(start) // 4:
        raise wrong_encoding("UTF-16", line=1)
    return len(_UTF8_BOM) if start.startswith(_UTF8_BOM) else 0


def decode_line(raw: bytes, line: int) -> str:
    """Decode a line of UTF-8. A character cut off by the end of the file becomes U+FFFD.

    Raises:
        Invalid: it is not UTF-8; the likely encoding is named.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(raw):
            return raw[: error.start].decode() + "\ufffd"
        raise wrong_encoding(_likely(raw), line=line) from None


def wrong_encoding(name: str, *, line: int) -> Invalid:
    detail = f"Line {line} is not UTF-8; it looks like {name}. Save the file as UTF-8"
    return Invalid(detail, cause="WRONG_ENCODING", looks_like=name, line=line)


def _likely(raw: bytes) -> str:
    high = sum(byte > 0x7F for byte in raw)  # noqa: PLR2004 - the end of ASCII
    if _CONTROL.search(raw) or high > _MOST_MARKED * len(raw):
        return "an unknown encoding"
    if _windows_score(raw) > 1.2 * high:
        return "Windows-1258"
    if len(_VNI.findall(raw)) >= 0.2 * high:
        return "VNI"
    if len(_TCVN3.findall(raw)) >= 0.5 * high:
        return "TCVN3 (ABC)"
    return "an unknown encoding"


def _windows_score(raw: bytes) -> int:
    """Weigh what becomes a Vietnamese letter when its combining marks are put together."""
    text = unicodedata.normalize("NFC", raw.decode("cp1258", errors="replace"))
    loose = sum(unicodedata.combining(mark) > 0 for mark in text)
    return 3 * sum(mark.casefold() in _VIETNAMESE for mark in text) - 5 * loose
