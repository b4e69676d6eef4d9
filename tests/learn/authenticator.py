"""An authenticator without a device: makes real keys, and signs what it is asked to (WebAuthn)."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

HERE = "http://localhost"
_PRESENT, _VERIFIED, _HAS_KEY = 1, 4, 64


class Authenticator:
    """Holds one passkey at most. `count` is how often it was used, or 0 for ever.

    What it is asked for comes as the page's JSON; what it gives is JSON as the page sends it.
    `tampered` overrides parts of it, as an attacker would.
    """

    def __init__(self, *, counts: bool = True, credential: bytes | None = None) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = credential or secrets.token_bytes(32)
        self.counts = counts
        self.count = 0
        self.handle = b""

    def make(self, options: dict[str, Any], **tampered: Any) -> str:
        """What `navigator.credentials.create` gives."""
        self.handle = unwritten(options["user"]["id"])
        client_data = self._told("webauthn.create", options, tampered)
        data = self._data(options["rp"]["id"], tampered, key=self._public_key())
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data} | client_data[1])
        return self._json(clientDataJSON=client_data[0], attestationObject=attested)

    def use(self, options: dict[str, Any], **tampered: Any) -> str:
        """What `navigator.credentials.get` gives."""
        self.count += self.counts
        client_data = self._told("webauthn.get", options, tampered)[0]
        data = self._data(options["rpId"], tampered)
        signed = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._json(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=tampered.get("signature", signed),
            userHandle=tampered.get("handle", self.handle),
        )

    def _told(
        self, kind: str, options: dict[str, Any], tampered: dict[str, Any]
    ) -> tuple[bytes, dict[str, Any]]:
        client_data = {
            "type": tampered.get("kind", kind),
            "challenge": tampered.get("challenge", options["challenge"]),
            "origin": tampered.get("origin", HERE),
            "crossOrigin": False,
        }
        return json.dumps(client_data).encode(), tampered.get("attestation", {})

    def _data(self, domain: str, tampered: dict[str, Any], key: bytes = b"") -> bytes:
        flags = _PRESENT | _VERIFIED * tampered.get("verified", True) | _HAS_KEY * bool(key)
        count = tampered.get("count", self.count)
        head = sha256(tampered.get("domain", domain).encode()).digest() + bytes([flags])
        attested = bytes(16) + len(self.credential).to_bytes(2) + self.credential + key
        return head + count.to_bytes(4) + (attested if key else b"")

    def _public_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def _json(self, **response: bytes) -> str:
        name = written(self.credential)
        parts = {part: written(value) for part, value in response.items() if value}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": parts})


def written(raw: bytes) -> str:
    """Bytes as base64url."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def unwritten(text: str) -> bytes:
    """Base64url as bytes."""
    return urlsafe_b64decode(text + "===")
