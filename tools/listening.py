"""`python -m tools.listening HOME`: docs/listening, the first file of each language of the demo beside its text.

Run after `make demo` with the home that it used (`var`).
"""

from __future__ import annotations

import html
import json
import sys
from pathlib import Path

from campaign.registry.shipped import open_installation
from storage.history import delivery
from storage.queue import campaigns as campaign_rows
from storage.settings import Settings
from workers.finish.reading import read_file

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "listening"
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French", "de": "German"}
HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>campaign: how the demo sounds</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
section { border-top: 1px solid #d5dae3; padding: 1rem 0 }
audio { width: 100% }
small { color: #5a6475 }
</style>
<h1>How the demo sounds</h1>
<p>The first file of each language that <code>make demo</code> makes, as it is delivered.
Made by <code>python -m tools.listening var</code>.</p>
"""


def main() -> None:
    """Write the page and its sounds."""
    installation = open_installation(Settings(home=Path(sys.argv[1])))
    PAGE.mkdir(parents=True, exist_ok=True)
    gold = _gold()
    page, there = [HEAD], set[str]()
    with installation.database.read() as connection:
        newest = campaign_rows.recent(connection, limit=1)[0]
        rows = list(delivery.rows(connection, newest.id))
    for row in rows:
        language = row.locale[:2]
        if row.object_key is None or language in there:
            continue
        there.add(language)
        data = installation.store.get(row.object_key)
        (PAGE / f"{language}.mp3").write_bytes(data)
        page.append(_section(language, gold[str(row.external_id)], data))
    (PAGE / "index.html").write_text("".join(page) + "</html>\n", encoding="utf-8")


def _gold() -> dict[str, str]:
    lines = (ROOT / "examples/gold.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0]: line.split("\t")[2] for line in lines if line and not line.startswith("#")}


def _section(language: str, text: str, data: bytes) -> str:
    told = json.dumps(read_file(data).descriptor)
    speaker = "Kokoro" if '"spoken_by": "kokoro"' in told else "espeak-ng"
    return (
        f"<section><h2>{LANGUAGES[language]} <small>{speaker}</small></h2>\n"
        f'<audio controls preload="none" src="{language}.mp3"></audio>\n'
        f'<p lang="{language}">{html.escape(text.replace(" | ", " "))}</p></section>\n'
    )


if __name__ == "__main__":
    main()
