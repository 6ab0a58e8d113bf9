"""The brief: what was asked for.

A `Brief` is whole in itself: it holds the templates' text, not their paths, so that it can be kept with the campaign,
digested, and used again years later to explain or re-make a row.

    defaults.py   what stands under every brief of an installation
    table.py      as it is written: strict
    template_files.py   the template that it names
    loading.py    read, with the files it names
    kept.py       as the campaign keeps it

Imports speech and what stands below it.
"""

from campaign.brief.defaults import checked_defaults, over_defaults
from campaign.brief.kept import DEFAULT_PRESET, Brief, BriefKeys, Duplicates, OnError, Purpose, UnmatchedLists
from campaign.brief.loading import LoadedBrief, Overrides, load_brief, read_brief
from campaign.brief.table import EXAMPLE, MOST, BriefTable, TemplateTable

__all__ = [
    "DEFAULT_PRESET",
    "EXAMPLE",
    "MOST",
    "Brief",
    "BriefKeys",
    "BriefTable",
    "Duplicates",
    "LoadedBrief",
    "OnError",
    "Overrides",
    "Purpose",
    "TemplateTable",
    "UnmatchedLists",
    "checked_defaults",
    "load_brief",
    "over_defaults",
    "read_brief",
]
