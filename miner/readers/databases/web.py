"""Files over https, streamed to disk within bounds of size and patience."""

from __future__ import annotations

import http.client
import os
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from miner.errors import InputError, Problem, ServerError
from miner.readers.databases.address import LOCAL, Address

MAX_BYTES = 20 << 30
_WAIT_S = 60


class _NoWayDown(HTTPRedirectHandler):
    """A redirect may lead to another https address, and to none that is not encrypted."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request; URLError for one that is not encrypted, except on this machine."""
        there, here = urlsplit(newurl), urlsplit(req.full_url)
        stays = there.scheme == here.scheme == "http" and there.hostname in LOCAL
        if there.scheme != "https" and not stays:
            raise URLError("it redirects to an unencrypted address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(address: Address, target: Path) -> None:
    """Copy a file of the web; ServerError where it cannot be had, InputError where it is too large."""
    most = int(os.environ.get("MINER_MAX_DOWNLOAD", MAX_BYTES))
    request = Request(address.place, headers={"User-Agent": "interaction-miner", "Accept-Encoding": "identity"})
    try:
        with _opener(address).open(request, timeout=_WAIT_S) as answer, target.open("wb") as out:
            announced = answer.headers.get("Content-Length")
            if announced and announced.isdigit() and int(announced) > most:
                raise _too_large(address, most)
            written = _copy(answer, out, address, most)
    except HTTPError as error:
        raise ServerError(
            Problem(
                f"the server answers {error.code} {error.reason}",
                address.name,
                fix="check the address; a signed one may have expired",
            )
        ) from None
    except (URLError, OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise ServerError(
            Problem(
                f"the download failed: {reason}", address.name, fix="check the address and the network, then try again"
            )
        ) from None
    if announced and announced.isdigit() and written < int(announced):
        raise ServerError(
            Problem(f"the download was cut off after {written} of {announced} bytes", address.name, fix="try again")
        )


def _copy(answer: IO[bytes], out: IO[bytes], address: Address, most: int) -> int:
    written = 0
    while piece := answer.read(1 << 20):
        written += len(piece)
        if written > most:
            raise _too_large(address, most)
        out.write(piece)
    return written


def _opener(address: Address) -> OpenerDirector:
    proxies = [ProxyHandler({})] if address.host in LOCAL else []
    return build_opener(_NoWayDown, *proxies)


def _too_large(address: Address, most: int) -> InputError:
    return InputError(
        Problem(
            f"the file is larger than {most} bytes",
            address.name,
            fix="download it yourself, or set MINER_MAX_DOWNLOAD to more bytes",
        )
    )
