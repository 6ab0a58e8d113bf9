"""What happened, read: runs, files and what made them, deliveries, timings, events, the audit trail, and the rows as
they were submitted. Queries with names for the packages above, which know no SQL.

Imports the tables and keys; neither the queue nor the registry. Rows that are work are the queue's.
"""
