"""Passkeys: a way to sign in and to confirm without the passphrase."""
