"""Shipped grammars: whole, compact, shared, and never trusted blindly."""

from __future__ import annotations

import hashlib
import lzma
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pynini
import pytest
import pywrapfst

from campaign.errors import GrammarError
from campaign.speech.nemo import shipped
from campaign.speech.nemo.normaliser import SentenceNormaliser, grammar_digest, grammar_languages
from campaign.speech.nemo.shipped import TAGGER, load_grammar, pack, unpack
from tests import ROOT
from tools.grammars import record
from tools.grammars.compile import from_openfst


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped folder that a test may damage."""
    folder = tmp_path / "grammars"
    shutil.copytree(shipped.FOLDER, folder)
    monkeypatch.setattr(shipped, "FOLDER", folder)
    return folder


@pytest.mark.parametrize("language", sorted(grammar_languages()))
def test_what_ships_was_compiled_from_the_package_and_the_code_that_are_here(language: str) -> None:
    """A compile takes minutes: it is repeated when what it depends on has changed, and not before."""
    last, now = record.recorded()[language], record.inputs_of(language)
    changed = [name for name in now if last.get(name) != now[name]]
    assert not changed, (
        f"{', '.join(changed)}: changed since {language} was compiled. Run `make check-grammars`."
    )


def test_another_package_other_code_or_another_grammar_asks_for_a_fresh_compile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = record.recorded()["de"]
    for path in record.CODE:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    assert record.inputs_of("de", checkout=tmp_path) == last
    for path in record.CODE:
        with (tmp_path / path).open("a") as stream:
            stream.write("# other\n")
        assert record.inputs_of("de", checkout=tmp_path)[path] != last[path]
    with monkeypatch.context() as patch:
        patch.setattr(record, "version", lambda name: "1.2.1")
        assert all(record.inputs_of("de")[name] != last[name] for name in record.PACKAGES)
    monkeypatch.setattr(record, "shipped_digests", lambda: {"de": "another"})
    assert record.inputs_of("de")["sha256"] != last["sha256"]


@pytest.mark.parametrize("language", sorted(grammar_languages()))
def test_every_shipped_file_is_what_its_digest_says(language: str) -> None:
    data = lzma.decompress((shipped.FOLDER / f"{language}.xz").read_bytes())
    assert hashlib.sha256(data).hexdigest() == grammar_digest(language)
    assert pack(unpack(data)) == data


def test_the_manifest_names_exactly_the_languages_that_ship() -> None:
    assert set(shipped.shipped_digests()) == grammar_languages()
    assert {path.stem for path in shipped.FOLDER.glob("*.xz")} == grammar_languages()


def test_all_grammars_take_less_than_a_megabyte_on_disk() -> None:
    assert sum(path.stat().st_size for path in shipped.FOLDER.iterdir()) < 1_000_000


def test_four_languages_take_less_than_150_megabytes() -> None:
    grammars = [load_grammar(language, cache_dir=None) for language in ("en", "es", "de", "fr")]
    assert sum(part.memory_bytes for grammar in grammars for part in grammar.values()) < 150e6


def test_a_mapped_grammar_equals_one_in_memory_and_is_mapped(tmp_path: Path) -> None:
    in_memory = load_grammar("fr", cache_dir=None)
    load_grammar("fr", cache_dir=tmp_path)
    mapped = load_grammar("fr", cache_dir=tmp_path)
    assert mapped.keys() == in_memory.keys()
    for name, part in mapped.items():
        for field in part.__slots__:
            ours, theirs = getattr(part, field), getattr(in_memory[name], field)
            assert np.array_equal(ours, theirs)
            assert ours.dtype == theirs.dtype
            assert not ours.flags.writeable
    base = mapped[TAGGER].arc_target
    while isinstance(base.base, np.ndarray):
        base = base.base
    assert isinstance(base, np.memmap)


def test_the_cache_holds_one_file_named_by_its_digest(tmp_path: Path) -> None:
    load_grammar("fr", cache_dir=tmp_path)
    load_grammar("fr", cache_dir=tmp_path)
    (only,) = tmp_path.iterdir()
    assert grammar_digest("fr")[:32] in only.name


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "foreign"])
def test_a_damaged_cache_file_is_written_anew(damage: str, tmp_path: Path) -> None:
    load_grammar("fr", cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 1
    path.write_bytes(
        {"truncated": whole[:1000], "flipped": bytes(broken), "empty": b"", "foreign": b"x" * 99}[damage]
    )
    spoken = SentenceNormaliser.load("fr", cache_dir=tmp_path).normalise("12")
    assert spoken == "douze"
    assert path.read_bytes() == whole


def test_a_cache_folder_that_cannot_be_made_leaves_the_grammar_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert SentenceNormaliser.load("fr", cache_dir=tmp_path / "file").normalise("12") == "douze"


def test_a_damaged_shipped_file_is_an_error_that_names_the_mend(copied: Path) -> None:
    columns = bytearray(lzma.decompress((copied / "fr.xz").read_bytes()))
    columns[-1] ^= 1
    (copied / "fr.xz").write_bytes(lzma.compress(bytes(columns)))
    with pytest.raises(GrammarError, match=r"digest.*Install"):
        load_grammar("fr", cache_dir=None)
    (copied / "de.xz").write_bytes(b"not xz")
    with pytest.raises(GrammarError, match="cannot be read"):
        load_grammar("de", cache_dir=None)
    (copied / "es.xz").unlink()
    with pytest.raises(GrammarError, match="cannot be read"):
        load_grammar("es", cache_dir=None)


def test_columns_do_not_depend_on_how_states_were_numbered() -> None:
    words = pynini.string_map([("ab", "x"), ("b", "yz"), ("abc", "z")]).optimize().arcsort("ilabel")
    renumbered = pynini.Fst()
    count = words.num_states()
    for _ in range(count):
        renumbered.add_state()
    renumbered.set_start(count - 1 - words.start())
    for state in range(count):
        renumbered.set_final(count - 1 - state, words.final(state))
        for arc in words.arcs(state):
            renumbered.add_arc(
                count - 1 - state,
                pywrapfst.Arc(arc.ilabel, arc.olabel, arc.weight, count - 1 - arc.nextstate),
            )
    assert pack({TAGGER: from_openfst(words)}) == pack({TAGGER: from_openfst(renumbered)})


def test_normalising_imports_neither_pynini_nor_nemo(grammar_cache: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from campaign.speech.nemo.normaliser import SentenceNormaliser
assert "numba" not in sys.modules
print(SentenceNormaliser.load("fr", cache_dir=Path({str(grammar_cache)!r})).normalise("12 jours"))
print(sorted({{"pynini", "_pynini", "nemo_text_processing", "transformers", "torch"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["douze jours", "[]"]


def test_a_read_only_install_still_decodes(tmp_path: Path) -> None:
    """numba finds no folder for its cache: compiled in memory, slower to start, no error."""
    package = tmp_path / "site"
    shutil.copytree(
        Path(shipped.__file__).parents[2], package / "campaign", ignore=shutil.ignore_patterns("__pycache__")
    )
    code = """
from campaign.speech.nemo import decoder
from numba.core import caching
caching.CacheImpl._locator_classes = []
from campaign.speech.nemo.normaliser import SentenceNormaliser
print(SentenceNormaliser.load("fr", cache_dir=None).normalise("12"))
"""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=tmp_path,
    )
    assert done.stdout == "douze\n"
    assert not list((package / "campaign" / "speech" / "nemo" / "__pycache__").glob("*.nb?"))
