"""Which work next: whose turn it is, batches of one voice, previews that may interrupt a bulk batch.

`claiming.py` takes rows in hand, `holdings.py` keeps their leases alive, `scheduler.py` says whose turn it is. Imports
resources and what stands below them, and the rows of `storage/queue`.
"""
