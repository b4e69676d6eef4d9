"""Validate addresses of this site that a visitor may be redirected to."""

from __future__ import annotations

import re

# No part of the path is only dots: browsers resolve those, even out of the site's prefix.
_LOCAL = re.compile(r"(?:/(?!\.+(?:[/?]|\Z))[A-Za-z0-9._~-]+)+(?:\?[A-Za-z0-9._~%&=+-]*)?")


def local(address: str) -> str:
    """Return the address if every browser takes it for a path of this site; else an empty one."""
    return address if _LOCAL.fullmatch(address) else ""


def below(root: str, address: str) -> str:
    """Return a local address below the path at which the site is; empty if it isn't local.

    Beside that path, other programs may answer at the same host.
    """
    path = local(address)
    return path if not path or f"{path}/".startswith(f"{root}/") else root + path


def local_page(path: str, query: str) -> str:
    """Return the address of a page with its query, or without where the query isn't safe."""
    return local(f"{path}?{query}") if query and local(f"{path}?{query}") else local(path)
