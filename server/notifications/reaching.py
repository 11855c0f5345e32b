"""Calling an address that a person's browser told us: never one inside the county's network.

The name was looked at when it was told; what it resolves to is looked at each time, before the
connection, and that address and no other is then connected to: a name may change its answer.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from server.notifications.calling import PrivateAddress, StayingSession

NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class PublicConnection(HTTPSConnection):
    """TLS to a public address."""

    def _new_conn(self) -> socket.socket:
        where = self.host, self.port
        try:
            found = socket.getaddrinfo(*where, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        addresses = [str(one[4][0]) for one in found]
        if not addresses or not all(is_public(one) for one in addresses):
            raise PrivateAddress(self, "private address")
        last: OSError | None = None
        for address in dict.fromkeys(addresses):
            try:
                return create_connection(
                    (address, self.port),
                    self.timeout,  # type: ignore[arg-type]
                    socket_options=self.socket_options,
                )
            except OSError as error:
                last = error
        raise NewConnectionError(self, str(last)) from last


class PublicPool(HTTPSConnectionPool):
    ConnectionCls = PublicConnection


class PublicAdapter(HTTPAdapter):
    """For HTTPS; where the county goes through a proxy, the proxy decides."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            **self.poolmanager.pool_classes_by_scheme,
            "https": PublicPool,
        }


class PublicSession(StayingSession):
    """Plain HTTP is let alone: subscribing allows it while developing, to this machine."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", PublicAdapter())


def is_public(address: str) -> bool:
    """Whether it is one of the Internet, also where it is written as another kind of address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or _translated(found) or found
    return found.is_global and not found.is_multicast


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """What a NAT64 gateway would connect to (RFC 6052)."""
    return ipaddress.IPv4Address(address.packed[-4:]) if address in NAT64 else None
