"""The registry of sources: complete, well formed, and honest about what it may contact."""

import re
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corridors.fetch.registry import Source, data_folder, read_sources_registry

SOURCES = read_sources_registry()
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)


def addresses(source: Source) -> list[str]:
    return [text for text in asdict(source.ask).values() if isinstance(text, str) and "://" in text]


def test_ids_and_files_are_unique() -> None:
    ids, files = [source.id for source in SOURCES], [source.file for source in SOURCES]
    assert len(set(ids)) == len(ids)
    assert len(set(files)) == len(files)


@each_source
def test_every_source_says_whose_it_is_and_on_which_terms(source: Source) -> None:
    for name in ("title", "publisher", "licence", "attribution", "vintage", "file"):
        assert getattr(source, name).strip(), f"{source.id} has no {name}"
    assert re.fullmatch(r"[a-z0-9_]+", source.id)


@each_source
def test_every_address_is_https_at_a_host_the_source_lists(source: Source) -> None:
    for address in addresses(source):
        assert urlsplit(address).scheme == "https"
        assert urlsplit(address).hostname in source.hosts


@each_source
def test_hosts_are_plain_names(source: Source) -> None:
    assert source.hosts or source.ask.kind == "user"
    for host in source.hosts:
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)


@each_source
def test_files_are_plain_names_inside_the_data_folder(source: Source) -> None:
    for name in (source.file, source.download or source.file):
        assert Path(name).name == name and not name.startswith(".")


@each_source
def test_tables_say_how_many_rows_and_which_columns_must_arrive(source: Source) -> None:
    if source.file.endswith((".csv", ".gpkg")):
        assert source.rows or source.min_rows
        assert source.columns


@each_source
def test_patterns_find_their_own_pinned_names(source: Source) -> None:
    ask = source.ask
    if ask.kind == "arcgis":
        assert re.fullmatch(ask.pattern, ask.pinned)
    elif ask.kind == "govuk":
        assert re.fullmatch(ask.pattern, ask.pinned.rpartition("/")[2])


def test_only_sources_nobody_must_have_need_a_key_or_rest_on_thin_evidence() -> None:
    thin = [source for source in SOURCES if source.needs_key or source.confidence != "A"]
    assert all(source.optional or not source.needed for source in thin)


def test_the_data_folder_can_be_named_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORRIDORS_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.delenv("CORRIDORS_DATA")
    assert data_folder().parts[-2:] == ("corridors", "west_midlands")
