"""Which addresses of the network a stranger's URL may lead this machine to (server-side request forgery)."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

#: IPv6 ranges that carry an IPv4 address in their last 32 bits (RFC 6052; the second is for local use only).
NAT64 = IPv6Network("64:ff9b::/96")
LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")


def is_public(address: str) -> bool:
    """Whether `address` lies in the open internet, also by the IPv4 address that an IPv6 one may carry."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _carried(found)
        if found in LOCAL_NAT64 or (inner is not None and not is_public(str(inner))):
            return False
        if found.ipv4_mapped or found in NAT64:
            return True
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback or found.is_link_local
    )


def _carried(found: IPv6Address) -> IPv4Address | None:
    if found in NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo
    return found.ipv4_mapped or found.sixtofour or (teredo[1] if teredo else None)
