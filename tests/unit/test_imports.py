"""Contract 7: import does nothing, and the light commands stay light."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "f5_tts",
    "transformers",
    "nemo_text_processing",
    "pynini",
    "matplotlib",
    "pandas",
    "phonenumbers",
)


def loaded_after(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import campaign.cli",
        "from campaign.cli import cli, COMMANDS\nfor name in COMMANDS: cli.get_command(None, name)",
        "import workers.process.app, workers.engines.registry",
        "import campaign.submission.submit, campaign.report.publish, campaign.operations.doctor",
    ],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    assert loaded_after(code).isdisjoint(HEAVY)


def test_help_needs_neither_database_nor_engine() -> None:
    loaded = loaded_after("from campaign.cli import cli\ncli.main(['--help'], standalone_mode=False)")
    assert loaded.isdisjoint({*HEAVY, "sqlalchemy", "boto3", "numpy", "numba", "dramatiq"})


def test_import_opens_no_file_and_reads_no_environment() -> None:
    code = (
        "import os, sys\n"
        "import campaign.submission.submit, workers.process.app, storage.installation\n"  # others' own effects
        "names = [n for n in sys.modules if n.partition('.')[0] in ('campaign', 'workers', 'storage')]\n"
        "for n in names: del sys.modules[n]\n"
        "seen = []\n"
        "def hook(event, args):\n"
        "    if event == 'open' and not str(args[0]).endswith(('.py', '.pyc')) and 'pycache' not in str(args[0]):\n"
        "        seen.append(args[0])\n"
        "    if event.startswith('socket.') or event == 'subprocess.Popen': seen.append(event)\n"
        "sys.addaudithook(hook)\n"
        "class Watched(type(os.environ)):\n"
        "    def __getitem__(self, key):\n"
        "        if key.startswith('CAMPAIGN'): seen.append(key)\n"
        "        return super().__getitem__(key)\n"
        "os.environ.__class__ = Watched\n"
        "import campaign.submission.submit, workers.process.app, storage.installation, campaign.cli\n"
        "print('seen', seen)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "seen []"
