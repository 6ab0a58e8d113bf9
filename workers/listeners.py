"""The listeners of one worker process: one for each recogniser by which its campaigns are heard."""

from __future__ import annotations

import threading

from storage.lock import LockedListening
from storage.settings import Settings
from workers.listening.listener import Listener, whisper_opener


class Listeners:
    """Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._by_recogniser: dict[str, Listener] = {}
        self._lock = threading.Lock()

    def of(self, listening: LockedListening) -> Listener:
        """Who hears a campaign's files. What is the matter with the recogniser is raised when it is to hear."""
        with self._lock:
            found = self._by_recogniser.get(listening.recogniser)
            if found is None:
                folder = self._settings.kept_models / listening.model
                found = Listener(
                    whisper_opener(folder, name=listening.recogniser, device=self._settings.listen_device)
                )
                self._by_recogniser[listening.recogniser] = found
            return found

    def close(self) -> None:
        """Give processes back. Idempotent."""
        with self._lock:
            for listener in self._by_recogniser.values():
                listener.close()
            self._by_recogniser.clear()
