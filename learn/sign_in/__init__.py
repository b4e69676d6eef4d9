"""Signing in: with a passphrase or a passkey, and what becomes of this device's guest."""
