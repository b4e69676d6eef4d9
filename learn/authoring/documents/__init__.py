"""Read documents as people have them: Markdown, web pages, Word, PDF, and plain text."""
