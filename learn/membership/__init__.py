"""Membership of groups: join by code, choose what to share, change it, leave, see who viewed it."""
