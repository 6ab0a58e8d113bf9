"""Which work next: whose turn it is, batches of one voice, previews that may interrupt a bulk batch."""
