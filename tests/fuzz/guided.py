"""Coverage-guided fuzzing of the readers: `python -m tests.fuzz.guided csv -max_total_time=600`.

Each property test of `test_readers` and `test_strangers` is fed by atheris instead of by hypothesis. atheris has wheels
for x86-64 alone and changes what it looks at, so it is installed by `make fuzz` and by nothing else.
"""

from __future__ import annotations

import sys
from typing import Any


def main() -> None:
    """The command line: one of `targets`; the rest is libFuzzer's."""
    import atheris

    from tests.examples import load_profile

    load_profile()
    with atheris.instrument_imports(include=["campaign", "workers"]):
        from tests.fuzz import test_readers, test_strangers
    targets = {
        "csv": test_readers.test_csv,
        "bytes": test_readers.test_bytes_called_csv_json_or_gzip,
        "gzip": test_readers.test_gzip_that_ends_too_early,
        "template": test_readers.test_template,
        "tsv": test_readers.test_lexicon_tsv,
        "pls": test_readers.test_lexicon_pls,
        "terminal": test_strangers.test_terminal,
        "descriptor": test_strangers.test_descriptor,
        "file": test_strangers.test_delivered_file,
        "tags": test_strangers.test_tags,
        "envelope": test_strangers.test_envelope,
        "bundle": test_strangers.test_bundle,
        "document": test_strangers.test_document,
        "deep": test_strangers.test_deep_template,
    }
    target: Any = targets[sys.argv[1]]
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target.hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
