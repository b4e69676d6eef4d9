"""Registration, recovery, signing in and out, and the account page.

`registration` has registration; `views` signing in and out, and recovery; `changes` the settings;
`sessions` signing out elsewhere; `confirmation` asks for the passphrase again.
"""

from __future__ import annotations

from flask import Blueprint

from learn import session_renewal

blueprint = Blueprint("account", __name__)
blueprint.add_app_template_global(session_renewal.new_nonce, "new_nonce")
