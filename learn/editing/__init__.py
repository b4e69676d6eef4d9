"""What editors do at the command line: hold the source against the ledger, begin new content."""
