"""Whether a voice may speak and a file may leave: consent as it stands now, marks that have to be set.

Imports presets and what stands below them; asked at every claim, by rows of `storage/registry`.
"""
