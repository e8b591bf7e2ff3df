"""The SCORM package in a real browser, before a learning platform that refuses what SCORM 1.2 does not allow."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from dermtutor.domain.case_sets import Stem
from dermtutor.domain.conditions import Catalogue
from dermtutor.exchange.questions import Sheet
from dermtutor.exchange.saving import write_archive
from dermtutor.exchange.scorm import scorm_package
from tests.exchange.making import Shelf, made_set

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium here (Debian: apt-get install chromium)"
)


def _unpacked(sheet: Sheet, folder: Path) -> Path:
    with (folder / "x.zip").open("wb") as stream:
        write_archive(stream, scorm_package(sheet))
    with zipfile.ZipFile(folder / "x.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(folder / "package")
    return folder / "package"


@dataclass(frozen=True)
class Played:
    """The sheet that was played, and what the platform and the page knew after all open cases were answered."""

    sheet: Sheet
    log: dict[str, Any]


@pytest.fixture(scope="module")
def played(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """A set with an odd stem from its beginning, and one that was begun before, in one browser."""
    shelf = Shelf()
    plain = made_set(shelf, 5)
    odd = replace(plain.cases[0], stem=Stem(history="</script><b>\u2028'\"\\ {age}"))
    fresh = Sheet(replace(plain, cases=(odd, *plain.cases[1:])), catalogue, shelf.get)
    again = Sheet(plain, catalogue, shelf.get)
    right = again.questions[0].options.index(again.questions[0].right)
    starts = {
        "fresh": (fresh, {"cmi.core.lesson_status": "not attempted"}),
        "again": (again, {"cmi.core.lesson_status": "incomplete", "cmi.suspend_data": f"{right}...."}),
    }
    folder = tmp_path_factory.mktemp("scorm")
    harness = (Path(__file__).parent / "platform.html").read_text(encoding="utf-8")
    for name, (sheet, kept) in starts.items():
        (folder / name).mkdir()
        _unpacked(sheet, folder / name)
        text = harness.replace("PAGE", "package/index.html").replace("START", json.dumps(kept))
        (folder / name / "platform.html").write_text(text, encoding="utf-8")
    (folder / "both.html").write_text(BOTH.replace("NAMES", json.dumps(list(starts))), encoding="utf-8")
    logs = _browsed(folder / "both.html", folder / "profile")
    return {name: Played(sheet, json.loads(logs[name])) for name, (sheet, _) in starts.items()}


BOTH = """<!DOCTYPE html><body><pre id="log"></pre><script>
const logs = {}, names = NAMES;
for (const name of names) {
  const frame = document.createElement("iframe");
  frame.style = "width:1000px;height:900px";
  frame.src = name + "/platform.html";
  frame.onload = () => {
    const log = frame.contentDocument.getElementById("log");
    const look = () => {
      if (!log.textContent) return setTimeout(look, 20);
      logs[name] = log.textContent;
      if (Object.keys(logs).length === names.length) document.getElementById("log").textContent = JSON.stringify(logs);
    };
    look();
  };
  document.body.append(frame);
}
</script></body>"""


def _browsed(page: Path, profile: Path) -> dict[str, str]:
    """What the page left in its log."""
    assert BROWSER is not None
    shown = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--allow-file-access-from-files", f"--user-data-dir={profile}",
            "--virtual-time-budget=5000", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    log = re.search(r'<pre id="log">(.*?)</pre>', shown, re.DOTALL)
    assert log is not None
    assert log[1], "the pages did not play"
    return dict(json.loads(html.unescape(log[1])))


def test_the_manifest_names_every_file_and_one_page_to_start(sheet: Sheet, tmp_path: Path) -> None:
    package = _unpacked(sheet, tmp_path)
    space = {"c": "http://www.imsproject.org/xsd/imscp_rootv1p1p2"}
    adl = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
    manifest = ElementTree.parse(package / "imsmanifest.xml").getroot()
    assert [each.tag.rpartition("}")[2] for each in manifest] == ["metadata", "organizations", "resources"]
    assert [each.text for each in manifest[0]] == ["ADL SCORM", "1.2"]
    organizations = manifest.find("c:organizations", space)
    assert organizations is not None
    assert organizations.get("default") == organizations[0].get("identifier")
    (item,) = organizations.iter(f"{{{space['c']}}}item")
    (resource,) = manifest.findall("c:resources/c:resource", space)
    assert item.get("identifierref") == resource.get("identifier")
    assert (resource.get("href"), resource.get(f"{adl}scormtype")) == ("index.html", "sco")
    named = sorted(str(each.get("href")) for each in resource.findall("c:file", space))
    there = sorted(str(each.relative_to(package)) for each in package.rglob("*") if each.is_file())
    assert named == [name for name in there if name != "imsmanifest.xml"]


def test_nothing_is_fetched_from_elsewhere_and_no_name_gives_the_answer_away(
    sheet: Sheet, tmp_path: Path
) -> None:
    package = _unpacked(sheet, tmp_path)
    for file in package.rglob("*"):
        assert "melanoma" not in file.name
        if file.suffix in {".html", ".css", ".js"} and file.name != "cases.js":
            assert "//" not in file.read_text(encoding="utf-8").replace("// ", "")


@needs_browser
def test_every_answer_is_scored_kept_and_explained(played: dict[str, Played]) -> None:
    sheet, log = played["fresh"].sheet, played["fresh"].log
    kept = log["kept"]
    assert log["refused"] == []
    assert log["title"] == sheet.title
    assert log["result"] == "3 of 5 right (60 %)"
    assert kept["cmi.core.score.raw"] == "60"
    assert kept["cmi.core.lesson_status"] == "completed"
    assert log["calls"][0] == "initialize"
    assert log["calls"][-1] == "finish"
    assert log["calls"].count("commit") >= 5
    for place, (question, seen) in enumerate(zip(sheet.questions, log["seen"], strict=True)):
        entry = f"cmi.interactions.{place}."
        assert kept[entry + "id"] == question.item_id
        right = "abcdef"[question.options.index(question.right)]
        assert kept[entry + "correct_responses.0.pattern"] == right
        assert (kept[entry + "student_response"] == right) == (place % 2 == 0)
        assert kept[entry + "result"] == ("correct" if place % 2 == 0 else "wrong")
        assert seen["before"]
        assert seen["stem"] == question.stem
        assert seen["alternative"] == question.alternative_text()
        assert seen["focus"] == "feedback"
        assert seen["feedback"].startswith("Right: " if place % 2 == 0 else "Not right. It is: ")
        assert seen["markup"] == 0
        assert ("outlined" in seen) == sheet.has_outline(question)
        if "outlined" in seen:
            assert seen["alternativeAfter"] == question.alternative_text(answered=True)


@needs_browser
def test_what_was_answered_before_stays_answered(played: dict[str, Played]) -> None:
    log = played["again"].log
    assert [each["number"] for each in log["seen"]] == [1, 2, 3, 4]
    assert log["kept"]["cmi.core.score.raw"] == "60"
