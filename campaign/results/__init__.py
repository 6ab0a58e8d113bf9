"""The operator's own copies, the one place where a recipient's own id leaves the database: lists, links, zip files.

Imports errors and storage, and nothing of a campaign's making.
"""
