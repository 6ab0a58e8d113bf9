"""The listeners of one worker process: one for each way in which its campaigns are heard, recognisers and line."""

from __future__ import annotations

import threading
from collections.abc import Callable

from storage.lock import LockedLine, LockedListening, LockedRecogniser
from storage.settings import Settings
from workers.engines.engine import EngineError
from workers.languages import primary
from workers.line import LINE_REVISION, TelephoneLine
from workers.listening.listener import FileListener, moonshine_opener, whisper_opener
from workers.recognisers.http import HttpRecogniser
from workers.recognisers.recogniser import Recogniser

Way = tuple[str, LockedRecogniser | None, LockedLine | None]


class Listeners:
    """Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._by_way: dict[Way, FileListener] = {}
        self._lock = threading.Lock()

    def of(self, listening: LockedListening) -> FileListener:
        """Who hears a campaign's files. What is the matter with the recogniser is raised when it is to hear."""
        with self._lock:
            way = (listening.recogniser, listening.second, listening.line)
            found = self._by_way.get(way)
            if found is None:
                found = self._by_way[way] = FileListener(
                    self._opener(listening),
                    open_second=self._opener_of_second(listening),
                    line=line_of(listening),
                )
            return found

    def _opener(self, listening: LockedListening) -> Callable[[], Recogniser]:
        settings, name = self._settings, listening.recogniser
        if listening.model:
            folder = settings.kept_models / listening.model
            return whisper_opener(folder, name=name, device=settings.listen_device)
        return lambda: _served(settings, name)

    def _opener_of_second(self, listening: LockedListening) -> Callable[[], Recogniser] | None:
        second = listening.second
        if second is None:
            return None
        return moonshine_opener(self._settings.kept_models / second.model, name=second.recogniser)

    def close(self) -> None:
        """Give processes back. Idempotent."""
        with self._lock:
            for listener in self._by_way.values():
                listener.close()
            self._by_way.clear()


def line_of(listening: LockedListening) -> TelephoneLine | None:
    """Over which line a campaign's files are heard. Raises `EngineError` for one that nobody here has."""
    locked = listening.line
    if locked is None:
        return None
    if locked.revision != LINE_REVISION:
        raise EngineError(
            f"the campaign is heard over revision {locked.revision} of the {locked.name} line, and here is "
            f"{LINE_REVISION}. Run the version that it was submitted with, or submit the campaign anew"
        )
    return TelephoneLine(snr_db=locked.snr_db, packet_loss=locked.packet_loss)


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
