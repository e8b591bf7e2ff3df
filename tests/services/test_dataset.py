"""A data set is made image by image: stopped at any moment it goes on, and ends as if it had never been stopped."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from dermtutor.errors import EnvironmentProblem, UserError
from dermtutor.services.dataset import DataSet, Job, Made, Row, data_card
from dermtutor.services.encoding import EncodedCase
from dermtutor.services.ports import Cancelled

REQUEST = {"conditions": ["melanoma"], "seed": 1}


def row_of(name: str) -> Row:
    return Row(
        f"images/{name}.png",
        f"masks/{name}.png",
        "melanoma",
        "learned",
        "3",
        "1",
        "2",
        "arm",
        "0.5",
        "7",
        "ab",
    )


def jobs(count: int, before: Callable[[int], None] = lambda number: None) -> list[Job]:
    def job(number: int) -> Job:
        def make() -> tuple[Row, EncodedCase]:
            before(number)
            return row_of(f"case-{number}"), EncodedCase(b"png %d" % number, b"mask %d" % number)

        return Job(f"case-{number}", make)

    return [job(number) for number in range(count)]


def make(folder: Path, wanted: list[Job], *, resume: bool = False) -> Made:
    return DataSet(folder, REQUEST).make(wanted, resume, lambda rows: data_card(rows, "w 1", "", ()))


def content(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_images_masks_table_and_card(tmp_path: Path) -> None:
    assert make(tmp_path / "set", jobs(3)) == Made(3, 3)
    rows = list(csv.DictReader((tmp_path / "set" / "cases.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["image"] for row in rows] == [f"images/case-{number}.png" for number in range(3)]
    assert all((tmp_path / "set" / row["mask"]).is_file() for row in rows)
    assert "3 images" in (tmp_path / "set" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("stopped_at", [0, 2, 4])
def test_a_stopped_run_goes_on_and_ends_the_same(tmp_path: Path, stopped_at: int) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    make(whole, jobs(5))

    def stop(number: int) -> None:
        if number == stopped_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(stopped, jobs(5, stop))
    assert make(stopped, jobs(5), resume=True) == Made(5, 5 - stopped_at)
    assert content(stopped) == content(whole)


def test_what_a_kill_leaves_is_made_anew(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    make(whole, jobs(4))
    make(killed, jobs(4))
    table = killed / "cases.csv"
    table.write_bytes(table.read_bytes()[:-20])  # half a line
    (killed / "images" / "case-1.png").unlink()  # a line without its file
    (killed / "images" / "case-9.png").write_bytes(b"files without a line")
    (killed / ".part-x").mkdir()
    assert make(killed, jobs(4), resume=True) == Made(4, 2)
    (killed / "images" / "case-9.png").unlink()
    assert content(killed) == content(whole)


def test_a_table_that_names_other_files_is_not_believed(tmp_path: Path) -> None:
    make(tmp_path, jobs(1), resume=True)
    table = tmp_path / "cases.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("images/case-0.png", "../case-0.png"), encoding="utf-8"
    )
    assert make(tmp_path, jobs(1), resume=True).new == 1


def test_nothing_is_overwritten_or_mixed(tmp_path: Path) -> None:
    make(tmp_path, jobs(2))
    with pytest.raises(UserError, match="--resume"):
        make(tmp_path, jobs(2))
    other = DataSet(tmp_path, REQUEST | {"seed": 2})
    with pytest.raises(UserError, match="differently"):
        other.make(jobs(2), True, lambda rows: "")


def test_it_stops_when_asked(tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        DataSet(tmp_path, REQUEST).make(jobs(2), False, lambda rows: "", stop)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="file"):
        make(tmp_path / "file", jobs(1))
