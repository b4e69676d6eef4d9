"""What the browser is asked for, and whether what it gives is a proof (WebAuthn).

No database and no request. The package that knows WebAuthn is imported when it is needed: it takes
13 MB, and most workers never meet a passkey.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from learn.passkeys.place import Place

LASTS = timedelta(minutes=5)
"""How long a challenge is good."""

_BROWSER_WAITS = LASTS - timedelta(seconds=10)
_LONGEST_CREDENTIAL = 1023  # bytes, by the standard; an index could not hold much more
_LONGEST_KEY = 2048  # bytes


class RefusedError(Exception):
    """What was sent is no proof; the message is for the log."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """What an authenticator made: a credential's id, its public key (COSE), its counter."""

    credential: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose passkey it says it is; nothing of it is proven yet."""

    account: uuid.UUID
    credential: bytes


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a passkey is made, and the credentials that they have."""

    account: uuid.UUID
    nickname: str
    credentials: tuple[bytes, ...]


def creation_options(place: Place, site: str, owner: Owner, challenge: bytes) -> str:
    """What `navigator.credentials.create` is given, as JSON.

    The authenticator knows the account by its random number, and shows the nickname.
    """
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = generate_registration_options(
        rp_id=place.domain,
        rp_name=site,
        user_id=owner.account.bytes,
        user_name=owner.nickname,
        challenge=challenge,
        timeout=_milliseconds(_BROWSER_WAITS),
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=known) for known in owner.credentials
        ],
    )
    return options_to_json(options)


def request_options(place: Place, challenge: bytes) -> str:
    """What `navigator.credentials.get` is given, as JSON: any passkey of this site is welcome."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=place.domain,
        challenge=challenge,
        timeout=_milliseconds(_BROWSER_WAITS),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def new_key(sent: str, challenge: bytes, place: Place) -> NewKey:
    """The key that was made for this challenge, at this place. Raises RefusedError."""
    from webauthn import verify_registration_response  # noqa: PLC0415

    try:
        found = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except Exception as error:  # what is malformed raises whatever the decoder met
        raise RefusedError(_reason(error)) from error
    if len(found.credential_id) > _LONGEST_CREDENTIAL:
        raise RefusedError("the credential’s id is too long")
    if len(found.credential_public_key) > _LONGEST_KEY:
        raise RefusedError("the public key is too long")
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def claim(sent: str) -> Claim:
    """Whose passkey it says it is. Raises RefusedError."""
    from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415

    try:
        found = parse_authentication_credential_json(sent)
        return Claim(uuid.UUID(bytes=found.response.user_handle or b""), found.raw_id)
    except Exception as error:
        raise RefusedError(_reason(error)) from error


def counter(sent: str, challenge: bytes, place: Place, public_key: bytes) -> int:
    """What the authenticator counted, if it signed this challenge at this place.

    Raises RefusedError. Whether the count fits is not looked at: the row knows the last one.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415

    try:
        return verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        ).new_sign_count
    except Exception as error:
        raise RefusedError(_reason(error)) from error


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)!r}"[:200]  # no line breaks of a sender’s own
