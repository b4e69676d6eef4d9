"""Addresses of this site, for whoever is led back to the page that they asked for."""

from __future__ import annotations

import re

_LOCAL = re.compile(r"(?:/[A-Za-z0-9._~-]+)+(?:\?[A-Za-z0-9._~%&=+-]*)?")


def local(address: str) -> str:
    """The address, if it is a path of this site for every browser; else an empty one."""
    return address if _LOCAL.fullmatch(address) else ""


def local_page(path: str, query: str) -> str:
    """The address of a page, with what is chosen there if that can stand in an address as it is."""
    return local(f"{path}?{query}") if query and local(f"{path}?{query}") else local(path)
