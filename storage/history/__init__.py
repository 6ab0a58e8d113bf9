"""What happened, read: runs, files and what made them, deliveries, timings, events, the audit trail, and the rows as
they were submitted. Named queries for the packages above, which know no SQL. Rows that are work are `queue`'s.
"""
