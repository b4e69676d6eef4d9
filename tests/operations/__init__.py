"""Attacks on the whole site: real servers and real databases, killed, cut off, and lied to."""
