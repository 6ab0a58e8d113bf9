"""One file a noun; each parses, calls and answers."""
