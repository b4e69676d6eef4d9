"""WebAuthn: the options for the browser, and the verification of what it returns.

No database and no request. The package `webauthn` is imported lazily: it takes 13 MB, and most
workers never meet a passkey.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from learn.passkeys.relying_party import RelyingParty

CHALLENGE_LIFETIME = timedelta(minutes=5)

_BROWSER_TIMEOUT = CHALLENGE_LIFETIME - timedelta(seconds=10)
_MAX_CREDENTIAL_LENGTH = 1023  # bytes, by the standard; an index could not hold much more
_MAX_KEY_LENGTH = 2048  # bytes


class RefusedError(Exception):
    """The response could not be verified; the message is for the log."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new credential: its id, its public key (COSE), and its counter."""

    credential: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Which account and credential a response names, before it is verified."""

    account: uuid.UUID
    credential: bytes


@dataclass(frozen=True, slots=True)
class Owner:
    """The user of a new passkey, and the credentials that they have."""

    account: uuid.UUID
    nickname: str
    credentials: tuple[bytes, ...]


def creation_options(party: RelyingParty, site: str, owner: Owner, challenge: bytes) -> str:
    """Return the options for `navigator.credentials.create`, as JSON.

    The authenticator stores the account's random id, and shows the nickname.
    """
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    options = generate_registration_options(
        rp_id=party.id,
        rp_name=site,
        user_id=owner.account.bytes,
        user_name=owner.nickname,
        challenge=challenge,
        timeout=_milliseconds(_BROWSER_TIMEOUT),
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


def request_options(party: RelyingParty, challenge: bytes) -> str:
    """Return the options for `navigator.credentials.get`, as JSON, for any passkey of the site."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_milliseconds(_BROWSER_TIMEOUT),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def verify_new_key(sent: str, challenge: bytes, party: RelyingParty) -> NewKey:
    """Verify the response to a creation challenge, and return the new key.

    Raises RefusedError.
    """
    from webauthn import verify_registration_response  # noqa: PLC0415

    try:
        registration = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:  # malformed input raises anything
        raise RefusedError(_reason(error)) from error
    if len(registration.credential_id) > _MAX_CREDENTIAL_LENGTH:
        raise RefusedError("the credential’s id is too long")
    if len(registration.credential_public_key) > _MAX_KEY_LENGTH:
        raise RefusedError("the public key is too long")
    return NewKey(
        registration.credential_id, registration.credential_public_key, registration.sign_count
    )


def credential_named_in(sent: str) -> bytes:
    """Return the credential id that an unverified response to a creation names; empty if none."""
    from webauthn.helpers import parse_registration_credential_json  # noqa: PLC0415

    try:
        return parse_registration_credential_json(sent).raw_id
    except Exception:  # noqa: BLE001 - malformed input raises anything
        return b""


def parse_claim(sent: str) -> Claim:
    """Return which passkey an unverified response names. Raises RefusedError."""
    from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415

    try:
        credential = parse_authentication_credential_json(sent)
        return Claim(uuid.UUID(bytes=credential.response.user_handle or b""), credential.raw_id)
    except Exception as error:
        raise RefusedError(_reason(error)) from error


def verify_use(sent: str, challenge: bytes, party: RelyingParty, public_key: bytes) -> int:
    """Verify the response to a request challenge, and return the authenticator's counter.

    Raises RefusedError. The counter isn't compared here; `actions.use` knows the last one.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415

    try:
        return verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
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
