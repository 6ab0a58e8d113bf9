"""The listeners of one worker process: one for each recogniser by which its campaigns are heard."""

from __future__ import annotations

import threading
from collections.abc import Callable

from storage.lock import LockedListening
from storage.settings import Settings
from workers.engines.engine import EngineError
from workers.languages import primary
from workers.listening.listener import FileListener, whisper_opener
from workers.recognisers.http import HttpRecogniser
from workers.recognisers.recogniser import Recogniser


class Listeners:
    """Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._by_recogniser: dict[str, FileListener] = {}
        self._lock = threading.Lock()

    def of(self, listening: LockedListening) -> FileListener:
        """Who hears a campaign's files. What is the matter with the recogniser is raised when it is to hear."""
        with self._lock:
            found = self._by_recogniser.get(listening.recogniser)
            if found is None:
                found = self._by_recogniser[listening.recogniser] = FileListener(self._opener(listening))
            return found

    def _opener(self, listening: LockedListening) -> Callable[[], Recogniser]:
        settings, name = self._settings, listening.recogniser
        if listening.model:
            folder = settings.kept_models / listening.model
            return whisper_opener(folder, name=name, device=settings.listen_device)
        return lambda: _served(settings, name)

    def close(self) -> None:
        """Give processes back. Idempotent."""
        with self._lock:
            for listener in self._by_recogniser.values():
                listener.close()
            self._by_recogniser.clear()


def served_recogniser(settings: Settings) -> HttpRecogniser:
    """The one behind `listen_url`. Raises `EngineError` for what is no address."""
    return HttpRecogniser(
        settings.listen_url,
        model=settings.listen_model,
        label=settings.listen_label,
        token=settings.listen_token.get_secret_value(),
        languages=[primary(language) for language in settings.listen_languages],
    )


def _served(settings: Settings, name: str) -> HttpRecogniser:
    if not settings.listen_url:
        raise EngineError(
            f"the campaign is heard by {name}, a server, and this worker knows none. Set CAMPAIGN_LISTEN_URL here too"
        )
    recogniser = served_recogniser(settings)
    if recogniser.name != name:
        raise EngineError(
            f"the campaign is heard by {name}, and this worker asks {recogniser.name}. Set CAMPAIGN_LISTEN_MODEL and "
            "CAMPAIGN_LISTEN_LABEL as they were, or submit the campaign anew"
        )
    return recogniser
