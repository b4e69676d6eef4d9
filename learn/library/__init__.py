"""The lessons, the ledger of the source and the glossary: files, read once and then immutable."""
