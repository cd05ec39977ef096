"""Addresses: which may be contacted, and how they are shown without what only the publisher should see."""

import re
from collections.abc import Set
from urllib.parse import urlsplit

from corridors.fetch.errors import AddressRefusedError

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def check_address(address: str, hosts: Set[str], redirected_from: str = "") -> None:
    """Raise `AddressRefusedError` unless `address` is https, at one of `hosts`, with nothing clever in it.

    This stops `file://`, `/vsicurl/`, `PG:` and the like, also where a publisher's answer or redirect names them.
    """
    why = _refusal(address, hosts)
    if why:
        via = f"{redirected_from} redirects to an address that" if redirected_from else "an address that"
        raise AddressRefusedError(f"{via} is not contacted: {why}")


def _refusal(address: str, hosts: Set[str]) -> str:
    shown = repr(public_form(address))
    if not address.isprintable() or set(address) & {" ", "\\"}:
        return f"{shown} holds characters that no address has"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return f"{shown} can't be read as an address ({error})"
    if parts.scheme != "https":
        return f"{shown} is not an https:// address"
    if parts.username is not None or port not in {None, 443}:
        return f"{shown} carries a user name or another port than https has"
    if host not in hosts:
        return f"the host {host!r} is not in the registry; if you trust it, say --allow-host {host}"
    return ""


def check_host(host: str) -> str:
    """A host as typed by a user, in lower case. Raises `AddressRefusedError` for anything but a plain host name."""
    plain = host.strip().lower()
    if not _HOST.fullmatch(plain):
        raise AddressRefusedError(f"--allow-host takes a host name such as files.example.org, not {host!r}")
    return plain


def public_form(address: str) -> str:
    """The address without its query: signed links and keys stand there, and must not reach logs or messages."""
    return re.sub(r"[?#].*", "", address, flags=re.DOTALL)[:200]
