"""The cache folder and the small files in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zlig import cache

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "home/.cache/zlig"),
        ("linux", {"XDG_CACHE_HOME": "{root}/xdg"}, "xdg/zlig"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "home/.cache/zlig"),
        ("darwin", {"XDG_CACHE_HOME": "{root}/xdg"}, "home/Library/Caches/zlig"),
        ("win32", {"LOCALAPPDATA": "{root}/local"}, "local/zlig/Cache"),
        ("win32", {"LOCALAPPDATA": ""}, "home/AppData/Local/zlig/Cache"),
        ("linux", {"ZLIG_CACHE_DIR": "{root}/mine", "XDG_CACHE_HOME": "{root}/xdg"}, "mine"),
    ],
)
def test_the_folder_is_the_platforms_unless_it_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variables: Mapping[str, str], expected: str
) -> None:
    monkeypatch.delenv("ZLIG_CACHE_DIR")
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path / "home"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(root=tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    assert Path(cache.folder()) == tmp_path / expected


def test_what_was_written_is_read_and_the_folder_is_tagged_as_a_cache() -> None:
    cache.write("x.json", {"ключ": [1, "a"]})
    assert cache.read("x.json") == {"ключ": [1, "a"]}
    assert sorted(os.listdir(cache.folder())) == ["CACHEDIR.TAG", "x.json"]


def test_a_folder_that_was_there_before_gets_no_tag() -> None:
    os.mkdir(cache.folder())
    cache.write("x.json", {})
    assert os.listdir(cache.folder()) == ["x.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe"])
def test_a_damaged_file_is_empty_and_mends_itself(content: bytes) -> None:
    cache.write("x.json", {})
    Path(cache.folder(), "x.json").write_bytes(content)
    assert cache.read("x.json") == {}
    cache.write("x.json", {"a": 1})
    assert cache.read("x.json") == {"a": 1}


def test_a_cache_that_cannot_be_written_is_no_error(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine / "file").write_text("")
    monkeypatch.setenv("ZLIG_CACHE_DIR", str(machine / "file" / "cache"))
    cache.write("x.json", {"a": 1})
    assert cache.read("x.json") == {}


def test_a_write_that_fails_half_way_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write("x.json", {"a": 1})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.write("x.json", {"a": 2})
    assert cache.read("x.json") == {"a": 1}
    assert sorted(os.listdir(cache.folder())) == ["CACHEDIR.TAG", "x.json"]
