"""What makes sound: claims rows, runs engines, finishes files. Knows nothing of templates, briefs or reports.

The packages, from the process down to the engines; each imports only those below it (enforced, see pyproject.toml).
`engines` and `finish` know neither rows nor messages.
"""
