"""Files that are no exports at all, told by their first bytes, so that the error can say what they are."""

from __future__ import annotations

import re

_UNPACK = "unpack it and give the files that were in it"
_EXPORT = "export the data itself, as CSV, JSON or a spreadsheet"
_MAGIC = (
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\0", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard", _UNPACK),
    (b"%PDF-", "a PDF document", _EXPORT),
    (b"{\\rtf", "a formatted text (RTF)", _EXPORT),
    (b"\x89PNG\r\n", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
)
_PAGE = re.compile(rb"<(!doctype html|html|head|body)\b", re.IGNORECASE)
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # where Office keeps a workbook behind a password


def not_an_export(head: bytes, suffix: str) -> tuple[str, str] | None:
    """(what the file is, what to do) for one that holds no events whatever reads it; None for all others."""
    for magic, what, fix in _MAGIC:
        if head.startswith(magic):
            return f"this is {what}", fix
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.strip(b"\0"):
        return "the file is empty" if not text else "it contains only zero bytes", "export or download it again"
    if head[257:262] == b"ustar":
        return "this is a tar archive", _UNPACK
    if head.startswith(b"\xd0\xcf\x11\xe0") and _LOCKED in head:
        return "this workbook is protected by a password", "save it without the password"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and suffix not in (".xlsx", ".xlsm", ".xlsb", ".ods"):
        return "this is an archive inside an archive", _UNPACK
    if head.startswith(b"\x1f\x8b"):
        return "this is compressed twice", _UNPACK
    if _PAGE.match(text):
        return "this is a web page (perhaps a sign-in page), not an export", "sign in and export again"
    return None
