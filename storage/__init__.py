"""Rows and bytes; knows nothing of speech. The only code with SQL in it, apart from the migrations.

The packages, from what is removed down to the tables; each imports only those below it (enforced, see
pyproject.toml).
"""
