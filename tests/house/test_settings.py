"""Settings: whole or default, never lost, never overwritten when damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermtutor import settings as module
from dermtutor.errors import EnvironmentProblem
from dermtutor.settings import THEMES, Settings, load_settings, save_settings

SETTINGS = st.builds(
    Settings,
    theme=st.sampled_from(THEMES),
    last_learner=st.none() | st.text(max_size=40),
    acknowledged_not_for_diagnosis=st.booleans(),
    conditions=st.lists(st.text(max_size=20), max_size=5).map(tuple),
    tones=st.sets(st.integers(1, 10)).map(sorted).map(tuple),
    questions=st.integers(1, 200),
    device=st.sampled_from(["auto", "cpu", "cuda", "mps"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(settings=SETTINGS)
def test_what_is_saved_is_loaded(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    save_settings(path, settings)
    assert load_settings(path) == (settings, None)


def test_no_file_means_defaults_without_a_word(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == (Settings(), None)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"[1, 2]", b"", b"[" * 100_000])
def test_a_damaged_file_is_set_aside_and_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings, warning = load_settings(path)
    assert settings == Settings()
    [aside] = tmp_path.iterdir()
    assert aside.read_bytes() == content
    assert warning is not None
    assert aside.name in warning


@given(fields=st.fixed_dictionaries({}, optional=dict.fromkeys(Settings.__dataclass_fields__, JSON)))
def test_a_value_out_of_range_takes_its_default(
    fields: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    settings, warning = load_settings(path)
    assert warning is None
    assert settings.theme in THEMES
    assert 1 <= settings.questions <= 200
    assert all(1 <= tone <= 10 for tone in settings.tones)


def test_a_key_of_a_later_version_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark", "from_the_future": 1}')
    assert load_settings(path).settings == Settings(theme="dark")


def test_a_file_that_cannot_be_read_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    settings, warning = load_settings(tmp_path / "settings.json")
    assert settings == Settings()
    assert warning is not None
    assert (tmp_path / "settings.json").is_dir()


def test_saving_to_a_full_disk_is_one_sentence_and_keeps_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, Settings(theme="dark"))

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_atomically", refuse)
    with pytest.raises(EnvironmentProblem, match="No space left on device"):
        save_settings(path, Settings(theme="light"))
    assert load_settings(path).settings.theme == "dark"
