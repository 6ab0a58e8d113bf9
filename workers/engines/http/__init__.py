"""Engines behind HTTP: one adapter a file, all on `engine.SpeechServer`.

An adapter says three things: what a preset's table may hold, which request makes an utterance, and which model the
server says it runs. The rest (timeouts, retries, health, bad answers, times) is the family's.
"""

from workers.engines.http.chatterbox import ChatterboxEngine
from workers.engines.http.cosyvoice import CosyVoiceEngine
from workers.engines.http.gpt_sovits import GptSovitsEngine
from workers.engines.http.openai import OpenAiEngine

__all__ = ["ChatterboxEngine", "CosyVoiceEngine", "GptSovitsEngine", "OpenAiEngine"]
