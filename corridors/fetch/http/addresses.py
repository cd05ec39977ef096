"""Web addresses: checks of which may be contacted, and their form without keys, for messages."""

import ipaddress
import re
import socket
from collections.abc import Set
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from corridors.fetch.errors import AddressRefusedError

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # the last label of an IPv4 address in any spelling, and of no host name
_INSIDE = ("localhost", "metadata.google.internal")
# Metadata services of clouds, which hold keys, beside the link-local 169.254.169.254: Alibaba, Azure, Oracle, Amazon (IPv6).
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv4 addresses as seen from an IPv6-only network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_address(address: str, hosts: Set[str], redirected_from: str = "") -> None:
    """Raise `AddressRefusedError` unless `address` is https at one of `hosts`, without user name, port or odd characters.

    This refuses `file://`, `/vsicurl/`, `PG:` and the like, also where a publisher's answer or redirect names them.
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
    """A user's host name in lower case. Raises `AddressRefusedError` for anything but a plain host name.

    Numeric addresses are refused in every spelling, and so are names of the machine itself. The address that a name leads to
    is checked when it is contacted (`OutwardTransport`).
    """
    plain = host.strip().lower()
    inside = any(plain == name or plain.endswith(f".{name}") for name in _INSIDE)
    if not _HOST.fullmatch(plain) or _NUMBER.fullmatch(plain.rpartition(".")[2]) or inside:
        raise AddressRefusedError(f"--allow-host takes a host name such as files.example.org, not {host!r}")
    return plain


class OutwardTransport(httpx.HTTPTransport):
    """An HTTP transport that contacts no host whose address is this machine's or a cloud's inner service."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response to the request. Raises `AddressRefusedError` where any address of the host leads inside."""
        host = request.url.host
        if any(map(leads_inside, _addresses_of(host))):
            raise AddressRefusedError(
                f"{host} is not contacted: its name leads to this machine or to an inner service of its network; "
                "see to the name service, or download the file by hand"
            )
        return super().handle_request(request)


def behind_proxy() -> bool:
    """Whether the environment sends https requests through a proxy."""
    return bool({"https", "all"} & getproxies().keys())


def leads_inside(address: IpAddress) -> bool:
    """Whether an address is this machine (loopback), link-local, unspecified, multicast, or a cloud's metadata service."""
    ipv4 = _as_ipv4(address)
    is_inner = ipv4.is_loopback or ipv4.is_link_local or ipv4.is_unspecified or ipv4.is_multicast
    return is_inner or ipv4 in _METADATA


def _as_ipv4(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address stands for; the address itself where it stands for none."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or inner or address


def _addresses_of(host: str) -> list[IpAddress]:
    """The addresses of a host; none where its name is not known, which the connection then reports."""
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries]


def public_form(address: str) -> str:
    """The address without its query, for logs and messages: a query may hold signatures and keys."""
    return re.sub(r"[?#].*", "", address, flags=re.DOTALL)[:200]
