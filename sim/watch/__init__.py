"""Watching: a run as it unfolds, live in the browser, as one file, and as a film."""
