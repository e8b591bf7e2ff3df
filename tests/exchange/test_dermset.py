"""Case-set files: what is written comes back byte for byte, and what is not exactly so is refused whole."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dermtutor.domain.case_sets import Stem
from dermtutor.domain.cases import Modality, Source
from dermtutor.errors import UserError
from dermtutor.exchange.container import content_of, read_container, write_container
from dermtutor.exchange.dermset import ImportedSet, read_dermset
from dermtutor.exchange.fields import canonical
from dermtutor.exchange.known_keys import KnownKeys
from dermtutor.exchange.manifest import read_manifest
from dermtutor.services.signing import SigningKey
from tests.exchange.making import Shelf, made_case, made_set, with_photographs, write


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shelf = Shelf()
    return write(made_set(shelf, 2), shelf, tmp_path_factory.mktemp("sound"))


def _entries(path: Path) -> dict[str, bytes]:
    with path.open("rb") as stream:
        return {entry.name: content_of(stream, entry) for entry in read_container(stream)}


def _rewritten(path: Path, target: Path, entries: dict[str, bytes]) -> Path:
    with target.open("wb") as stream:
        write_container(stream, entries.items())
    return target


def _signed_again(path: Path, target: Path, **changes: object) -> Path:
    """The file with a changed description and a signature that holds: what a hostile author could send."""
    entries = _entries(path)
    key = SigningKey(target.parent / "hostile")
    table = json.loads(entries["manifest.json"]) | changes
    table["signer"] = {"name": "Mallory", "public_key": key.public_key().hex()}
    entries["manifest.json"] = canonical(table)
    entries["signature"] = key.sign("dermset 1", entries["manifest.json"]).value.hex().encode()
    return _rewritten(path, target, entries)


def _refusal(path: Path) -> str:
    with pytest.raises(UserError) as refused:
        read_dermset(path)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_a_set_comes_back_equal_with_every_picture(tmp_path: Path) -> None:
    shelf = Shelf()
    case_set = made_set(shelf, 6)
    imported = read_dermset(write(case_set, shelf, tmp_path))
    assert imported.case_set == case_set
    assert dict(imported.pictures()) == shelf.files


def test_what_was_read_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    shelf = Shelf()
    first = write(with_photographs(shelf, made_set(shelf, 3)), shelf, tmp_path)
    imported = read_dermset(first)
    other = Shelf()
    for _, content in imported.pictures():
        other.put(content)
    assert write(imported.case_set, other, tmp_path, "again.dermset").read_bytes() == first.read_bytes()


def test_what_only_some_cases_have_comes_back_too(tmp_path: Path) -> None:
    shelf = Shelf()
    case = made_case(shelf, 0)
    spec = replace(
        case.case.spec,
        near=2**62,
        severity=1,
        site="upper-limb",
        truncation=0.5,
        modality=Modality.DERMOSCOPY,
    )
    case_set = replace(made_set(shelf), cases=(replace(case, case=replace(case.case, spec=spec)),))
    assert read_dermset(write(case_set, shelf, tmp_path)).case_set == case_set


def test_any_zip_program_can_open_it(sound: Path) -> None:
    with zipfile.ZipFile(sound) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["manifest.json", "signature"]


def test_a_key_is_unknown_until_somebody_names_it(tmp_path: Path, sound: Path) -> None:
    known = KnownKeys(tmp_path / "home" / "known-keys.json")
    key = read_dermset(sound).signer.public_key
    assert known.name_of(key) is None
    known.remember(key, "Ada, teaching")
    assert KnownKeys(tmp_path / "home" / "known-keys.json").name_of(key) == "Ada, teaching"
    with pytest.raises(UserError, match="already"):
        known.remember(b"\1" * 32, "Ada, teaching")
    known.forget("Ada, teaching")
    assert known.name_of(key) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "newer DermTutor"),
        ({"extra": 1}, "unknown"),
        ({"cases": []}, "pictures"),
        ({"format": "other"}, "not a case-set file"),
        ({"set": {}}, "missing"),
        ({"files": [{"sha256": "../../etc/passwd", "bytes": 1}]}, "written as it must be"),
    ],
)
def test_a_description_that_is_not_understood_is_refused(
    sound: Path, tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    assert reason in _refusal(_signed_again(sound, tmp_path / "x.dermset", **changes))


@pytest.mark.parametrize(
    "name",
    [
        "Finals\nSigned by the Dean, whose key is known here.",
        "a\u2028b",
        "\u202egnp.tset",
        " ",
        "\u200b",
        "a\x7f",
    ],
)
def test_names_that_would_say_more_than_themselves_are_refused(
    sound: Path, tmp_path: Path, name: str
) -> None:
    table = json.loads(_entries(sound)["manifest.json"])["set"]
    for field in ("name", "author"):
        refusal = _refusal(_signed_again(sound, tmp_path / "x.dermset", set=table | {field: name}))
        assert "no plain line" in refusal


def test_names_of_every_script_are_taken(tmp_path: Path) -> None:
    shelf = Shelf()
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 – हिन्दी – 👩🏾\u200d⚕️ – \u200eA\u200f"
    case_set = replace(made_set(shelf, 1), name=name, author=name)
    assert read_dermset(write(case_set, shelf, tmp_path)).case_set == case_set


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_times_that_cannot_be_told_everywhere_are_refused(sound: Path, tmp_path: Path, moment: str) -> None:
    table = json.loads(_entries(sound)["manifest.json"])["set"]
    for field in ("created_at", "used_at"):
        changed = _signed_again(sound, tmp_path / "x.dermset", set=table | {field: moment})
        assert "not of this age" in _refusal(changed)


def test_who_has_a_file_of_a_newer_program_is_not_told_to_ask_for_it_again(
    sound: Path, tmp_path: Path
) -> None:
    assert _refusal(_signed_again(sound, tmp_path / "x.dermset", version=2)).endswith("; update this one.")


def test_a_changed_description_or_signature_is_refused(sound: Path, tmp_path: Path) -> None:
    entries = _entries(sound)
    entries["manifest.json"] = entries["manifest.json"].replace(b"First week", b"Other week")
    assert "signature" in _refusal(_rewritten(sound, tmp_path / "a", entries))
    entries = _entries(sound) | {"signature": b"00" * 64}
    assert "signature" in _refusal(_rewritten(sound, tmp_path / "b", entries))


def test_a_missing_an_additional_or_another_picture_is_refused(sound: Path, tmp_path: Path) -> None:
    entries = _entries(sound)
    names = list(entries)
    less = {name: entries[name] for name in names[:-1]}
    assert "a picture is missing" in _refusal(_rewritten(sound, tmp_path / "a", less))
    more = entries | {"0" * 64 + ".png": b"x"}
    assert "does not describe" in _refusal(_rewritten(sound, tmp_path / "b", more))
    swapped = entries | {names[2]: entries[names[4]]}
    assert "not the one that was signed" in _refusal(_rewritten(sound, tmp_path / "c", swapped))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.png",
        "/etc/evil",
        "C:\\evil",
        "c:evil",
        "a/b.png",
        "a\\b",
        "nul\0.png",
        "..",
        ".hidden",
        "ü.png",
        "a" * 200,
    ],
)
def test_names_that_lead_anywhere_are_refused(sound: Path, tmp_path: Path, name: str) -> None:
    data = bytearray(sound.read_bytes())
    raw = name.encode()
    header = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, zlib.crc32(b"x"), 1, 1, len(raw), 0)
    data[:0] = header + raw + b"x"
    path = tmp_path / "x.dermset"
    path.write_bytes(data)
    assert "no plain file name" in _refusal(path)


def _zip(path: Path, names: dict[str, bytes], method: int, link: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in names.items():
            information = zipfile.ZipInfo(name)
            information.compress_type = method
            information.external_attr = (0o120777 if link else 0o100644) << 16
            archive.writestr(information, content)
    return path


def test_bombs_links_and_doubles_are_refused(sound: Path, tmp_path: Path) -> None:
    entries = _entries(sound)
    bomb = _zip(tmp_path / "bomb", entries | {"0.png": b"\0" * 10**7}, zipfile.ZIP_DEFLATED)
    assert "packed" in _refusal(bomb)
    assert "altered" in _refusal(_zip(tmp_path / "link", entries, zipfile.ZIP_STORED, link=True))
    with zipfile.ZipFile(tmp_path / "double", "w") as archive:
        archive.writestr(zipfile.ZipInfo("manifest.json"), b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(zipfile.ZipInfo("manifest.json"), b"{}")
    assert "two entries of one name" in _refusal(tmp_path / "double")


def test_a_cut_or_lengthened_file_is_refused(sound: Path, tmp_path: Path) -> None:
    data = sound.read_bytes()
    path = tmp_path / "x.dermset"
    for end in (0, 3, 40, len(data) // 2, len(data) - 30, len(data) - 1):
        path.write_bytes(data[:end])
        assert "cut off" in _refusal(path)
    for longer in (b"x" + data, data + b"x"):
        path.write_bytes(longer)
        _refusal(path)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _bmp() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "BMP")
    return buffer.getvalue()


def _torn() -> bytes:
    """A PNG whose pixels end early."""
    return _png(Image.frombytes("RGB", (32, 32), bytes(range(256)) * 12))[:60] + b"\0\0\0\0IEND\xaeB`\x82"


def _huge() -> bytes:
    """A PNG whose header promises 20,000 by 20,000 pixels."""
    small = bytearray(_png(Image.new("RGB", (1, 1))))
    small[16:24] = struct.pack(">2I", 20_000, 20_000)
    small[29:33] = struct.pack(">I", zlib.crc32(small[12:29]))
    return bytes(small)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_bmp(), "not a whole PNG"),
        (_png(Image.new("RGB", (32, 32)))[:-4], "not a whole PNG"),
        (_png(Image.new("L", (32, 32))), "colours of another kind"),
        (_png(Image.new("RGB", (32, 32))), "does not say that it is synthetic"),
        (_huge(), "too large"),
        (_torn(), "damaged"),
    ],
    ids=("bmp", "cut", "grey", "unlabelled", "huge", "torn"),
)
def test_a_picture_that_is_none_is_refused_on_both_ends(tmp_path: Path, content: bytes, reason: str) -> None:
    shelf = Shelf()
    case = made_case(shelf, 0)
    case = replace(case, case=replace(case.case, image_sha=shelf.put(content)))
    with pytest.raises(UserError, match=reason):
        write(replace(made_set(shelf), cases=(case,)), shelf, tmp_path)


def test_a_signed_picture_is_checked_all_the_same(sound: Path, tmp_path: Path) -> None:
    """A hostile author can sign what they like; the picture must still be one."""
    entries = _entries(sound)
    old = next(name for name in entries if name.endswith(".png"))
    shelf = Shelf()
    new = shelf.put(_huge()) + ".png"
    text = entries["manifest.json"].replace(old[:64].encode(), new[:64].encode())
    size = f'{{"bytes":{len(entries[old])},"sha256":"{new[:64]}"}}'.encode()
    text = text.replace(size, f'{{"bytes":{len(_huge())},"sha256":"{new[:64]}"}}'.encode())
    key = SigningKey(tmp_path / "hostile")
    table = read_manifest(text)
    text = text.replace(table.signer.public_key.hex().encode(), key.public_key().hex().encode())
    changed = {(new if name == old else name): content for name, content in entries.items()}
    changed |= {
        new: _huge(),
        "manifest.json": text,
        "signature": key.sign("dermset 1", text).value.hex().encode(),
    }
    assert "too large" in _refusal(_rewritten(sound, tmp_path / "x", changed))


def test_what_would_not_come_back_is_not_written(tmp_path: Path) -> None:
    shelf = Shelf()
    case_set = made_set(shelf, 1)
    long = replace(case_set.cases[0], stem=Stem(history="x" * 5000))
    with pytest.raises(UserError, match="'history'"):
        write(replace(case_set, cases=(long,)), shelf, tmp_path)
    with pytest.raises(UserError, match="missing or damaged"):
        write(case_set, Shelf(), tmp_path)


def test_a_file_that_changes_after_it_was_verified_gives_nothing(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.dermset"
    path.write_bytes(sound.read_bytes())
    imported = read_dermset(path)
    path.write_bytes(path.read_bytes().replace(b"IDAT", b"IDAX"))
    with pytest.raises(UserError, match="changed while it was read"):
        imported.media(next(iter(imported.sizes)))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in _refusal(tmp_path / "none.dermset")


_FUZZED = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_FUZZED
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.dermset"
    path.write_bytes(content)
    _refusal(path)


@_FUZZED
@given(data=st.data())
def test_no_change_of_a_sound_file_is_taken(sound: Path, tmp_path: Path, data: st.DataObject) -> None:
    original = sound.read_bytes()
    content = bytearray(original)
    at = data.draw(st.integers(0, len(content) - 1))
    kind = data.draw(st.sampled_from(("flip", "cut", "insert", "double")))
    if kind == "flip":
        content[at] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del content[at : at + data.draw(st.integers(1, 400))]
    elif kind == "insert":
        content[at:at] = data.draw(st.binary(min_size=1, max_size=40))
    else:
        content[at:at] = content[at : at + data.draw(st.integers(1, 200))]
    path = tmp_path / "x.dermset"
    path.write_bytes(content)
    if bytes(content) == original:
        return
    _refusal(path)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@_FUZZED
@given(data=st.data(), value=_JSON)
def test_no_value_of_a_signed_description_leads_to_anything_but_a_refusal_or_an_equal_set(
    sound: Path, tmp_path: Path, data: st.DataObject, value: object
) -> None:
    """Somewhere in the description another value stands, and the signature holds."""
    table = json.loads(_entries(sound)["manifest.json"])
    places: list[tuple[object, object]] = []
    waiting: list[object] = [table]
    while waiting:
        each = waiting.pop()
        children = (
            each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
        )
        for name, child in children:
            places.append((each, name))
            waiting.append(child)
    holder, name = data.draw(st.sampled_from(places))
    holder[name] = value  # type: ignore[index]
    try:
        changes = {key: table[key] for key in table if key != "signer"}
        path = _signed_again(sound, tmp_path / "x.dermset", **changes)
    except ValueError:
        return  # a lone surrogate cannot be written at all
    try:
        imported = read_dermset(path)
    except UserError:
        return
    assert isinstance(imported, ImportedSet)
    assert len(imported.case_set.cases) == 2


def test_a_photograph_that_is_not_synthetic_needs_no_such_statement(tmp_path: Path) -> None:
    shelf = Shelf()
    case = made_case(shelf, 0, Source.REAL)
    plain = shelf.put(_png(Image.new("RGB", (32, 32))))
    case = replace(case, case=replace(case.case, image_sha=plain, mask_sha=""))
    case_set = replace(made_set(shelf), cases=(case,))
    assert read_dermset(write(case_set, shelf, tmp_path)).case_set == case_set
