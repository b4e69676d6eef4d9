"""The standing pages: Get help, the glossary, our source, your privacy."""
