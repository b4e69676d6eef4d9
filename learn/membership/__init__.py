"""Being in a group: join by a code, choose what it sees, change that, leave, read who looked."""
