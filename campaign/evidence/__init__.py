"""What a third party is shown: run descriptors, why a row sounds so, sound made again, the signed bundle and its check.

`check.py` needs no installation. Imports report and what stands below it.
"""
