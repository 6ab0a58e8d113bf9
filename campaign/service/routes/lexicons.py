"""Lexicons: read, and add a version."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as InPath

from campaign.registry.lexicons import add_lexicon, file_of, find_lexicon
from campaign.service.access import Promoter, Reader
from campaign.service.routes.context import PROBLEMS, TheInstallation
from campaign.service.views import lexicons as views
from campaign.speech.lexicon.files import parse_lexicon
from campaign.speech.lexicon.tsv import write_tsv
from storage.names import LexiconName
from storage.registry import lexicons as lexicon_rows
from storage.registry.lexicons import LexiconVersion

router = APIRouter(prefix="/v1/lexicons", tags=["lexicons"], responses=PROBLEMS)
Name = Annotated[str, InPath(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Label = Annotated[
    str, InPath(min_length=1, max_length=100, description="`name@version`, or the newest of `name`.")
]


@router.get("")
def listed(_caller: Reader, installation: TheInstallation) -> list[views.Lexicon]:
    """Every version of every lexicon."""
    with installation.database.read() as connection:
        return [_view(version) for version in lexicon_rows.all_versions(connection)]


@router.get(
    "/{label}",
    response_class=Response,
    responses={200: {"content": {"text/tab-separated-values": {}}, "description": "The rules."}},
)
def show(label: Label, _caller: Reader, installation: TheInstallation) -> Response:
    """The rules as people write them."""
    with installation.database.read() as connection:
        rules = file_of(connection, find_lexicon(connection, label)).rules
    return Response(write_tsv(rules), media_type="text/tab-separated-values; charset=utf-8")


@router.put("/{name}", status_code=201)
def add(
    name: LexiconName,
    lexicon: views.LexiconIn,
    caller: Promoter,
    installation: TheInstallation,
    response: Response,
) -> views.Lexicon:
    """Add the next version; the same rules again give the existing version. It is refused if its samples fail."""
    file = parse_lexicon(f"{name}.tsv", lexicon.text, samples=lexicon.samples)
    added, is_new = add_lexicon(installation.database, file, name=name, actor=caller.name)
    response.status_code = 201 if is_new else 200
    return _view(added)


def _view(version: LexiconVersion) -> views.Lexicon:
    return views.Lexicon(
        name=version.name,
        version=version.version,
        scope=version.scope,
        entries=version.entries,
        digest=version.digest,
    )
