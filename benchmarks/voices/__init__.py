"""Every engine on the same words: speed on one core, memory, bits, and what a listener's stand-ins make of it.

    python -m benchmarks.voices --whisper FOLDER [--rows 3] [--docs]
    python -m benchmarks.voices --whisper FOLDER --imperfections [--docs]

Words are the first `--rows` of each prompt set and language, as the gate's candidates say them. A process of its own
measures an engine in a language, held to one CPU: CPU seconds of it and its children over seconds of sound, the peak of
its memory, the same samples twice and after a restart. Then a recogniser (faster-whisper, `campaign voice get
whisper-base`) and DistillMOS (`pip install distillmos xls-r-sqa`) listen. Kokoro is measured where `campaign voice get
kokoro` put it. What cannot be had here is in `ELSEWHERE`, each number with its source. `--docs` writes the tables
between the markers of docs/engines.md and docs/presets.md; the numbers go to benchmarks/results.
"""
