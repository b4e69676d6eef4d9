"""Passkeys: the easier way in, for those who have one."""
