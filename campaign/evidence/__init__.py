"""What a third party is shown: run descriptors, why a row sounds so, captions, sound made again, the signed bundle.

`check.py` needs no installation. Imports report and what stands below it.
"""
