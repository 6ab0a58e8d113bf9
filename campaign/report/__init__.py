"""What was made, in the forms that people and programs read: manifest, report, the operator's result list.

Written in one walk over the rows; the same rows give the same bytes. Imports submission and what stands below it.
"""
