"""Log of educators' views of members' data. Members who share by name read it."""
