"""The audit log: educators’ views of members’ data. Members who share by name read it."""
