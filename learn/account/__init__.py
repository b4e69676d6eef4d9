"""Keep my progress: a nickname and a passphrase, a way back without them, and signing in and out.

`views` has the ways in and out, `changes` what the owner of a kept account can change.
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__)
