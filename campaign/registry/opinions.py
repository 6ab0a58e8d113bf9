"""Who says how people would rate speech, where it was fetched: the catalogue's DistillMOS."""

from __future__ import annotations

from campaign.registry.catalogue.keeping import Presence, place_of, presence
from campaign.registry.catalogue.table import CatalogueEntry, ModelFile, shipped_catalogue
from storage.settings import Settings
from workers.engines.engine import EngineError
from workers.measure.distillmos import DistillMos

ENTRY = "distillmos"


def opinion_is_here(settings: Settings) -> bool:
    """Whether this machine has it, by names and sizes."""
    entry, _file = _shipped()
    return presence(place_of(settings, entry), entry) is Presence.HERE


def opinion_places(settings: Settings) -> tuple[str, str]:
    """(its file below a machine's models, the name that its numbers are kept under), here or not."""
    entry, file = _shipped()
    return f"{place_of(settings, entry).name}/{file.path}", DistillMos.name_of(file.sha256)


def find_opinion(settings: Settings) -> DistillMos | None:
    """It, where it was fetched. Raises `EngineError` for a copy that is not what the catalogue means."""
    if not opinion_is_here(settings):
        return None
    place, name = opinion_places(settings)
    predictor = DistillMos(settings.kept_models / place)
    if predictor.name != name:
        raise EngineError(f"{settings.kept_models / place} is damaged; `campaign voice get {ENTRY}` mends it")
    return predictor


def _shipped() -> tuple[CatalogueEntry, ModelFile]:
    entry = shipped_catalogue().find(ENTRY)
    (file,) = entry.files
    return entry, file
