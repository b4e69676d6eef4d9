"""Tools for authors, never imported by the site: checks, source comparison, scaffold, analysis."""
