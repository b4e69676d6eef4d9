"""Registration, recovery, signing in and out, and the account page.

`views` has registration, signing in and out, and recovery; `changes` has the account's settings.
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__)
