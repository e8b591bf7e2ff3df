"""The transfer page in the real window, with drawn lesions on a photograph made for the test."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from dermtutor.domain.case_sets import CaseState
from dermtutor.domain.cases import Source
from dermtutor.domain.transfer import RegionKind, TransferPlan
from dermtutor.paths import Folders
from dermtutor.skin.scales import MonkTone
from dermtutor.ui.pages.transfer import TransferPage
from dermtutor.ui.window import MainWindow
from tests.provenance import read_provenance
from tests.transfer.pictures import skin_photograph
from tests.ui.transfer.driving import place, settle


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot, photo: Path) -> TransferPage:
    """The page with a photograph on it."""
    window.show()
    window.nav["transfer"].click()
    assert window.desk is not None
    page = window.desk.transfer_page
    page.open(photo)
    settle(qtbot, window)
    assert page.photograph is not None
    return page


def at(page: TransferPage, x: float, y: float) -> QPoint:
    """The point of the canvas that shows a place of the photograph."""
    area = page.canvas.image_rect()
    return QPointF(area.left() + x * area.width(), area.top() + y * area.height()).toPoint()


def pixels(content: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image)


def test_from_a_photograph_to_a_labelled_file(
    page: TransferPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    place(page, qtbot, window)
    place(page, qtbot, window, "Tinea corporis")
    assert [each.condition for each in page.editing.history.now.placements] == ["vitiligo", "tinea-corporis"]
    page.panel.permission.setText("my own arm")
    out = tmp_path / "out.png"
    page.keeping.save_to(out)
    settle(qtbot, window)
    said = read_provenance(out.read_bytes())
    assert said["Permission"] == "my own arm"
    assert "compositeWithTrainedAlgorithmicMedia" in said["DigitalSourceType"]
    assert len(TransferPlan.from_json(said["Plan"]).placements) == 2
    mask = pixels((tmp_path / "out-mask.png").read_bytes())
    assert np.array_equal(pixels(out.read_bytes())[mask == 0], skin_photograph()[mask == 0])
    assert "out.png" in window.banner.text


def test_a_picture_becomes_a_case_of_a_set(
    page: TransferPage, window: MainWindow, qtbot: QtBot, folders: Folders
) -> None:
    services = window._services
    assert services is not None
    place(page, qtbot, window)
    page.panel.permission.setText("my own arm")
    page.bar.keep.click()
    settle(qtbot, window)
    assert "No case set" in window.banner.text
    made = services.case_sets.create("Arms", "Ada")
    page.keeping.keep_in(made)
    settle(qtbot, window)
    case = services.case_sets.get(made.set_id).cases[0]
    assert case.case.spec.source is Source.TRANSFER
    assert case.photograph is not None
    assert case.photograph.permission == "my own arm"
    assert case.state is CaseState.DRAFTED
    image = services.case_sets.image(case.case.image_sha)
    assert image is not None
    plan = TransferPlan.from_json(read_provenance(image)["Plan"])
    assert plan.plan_id == case.case.spec.origin


def test_nothing_is_saved_without_permission(page: TransferPage, window: MainWindow, qtbot: QtBot) -> None:
    place(page, qtbot, window)
    page.keeping.choose_target()
    assert "permits" in window.banner.text
    assert page.panel.permission.hasFocus() or not window.isActiveWindow()


def test_a_click_places_and_a_drag_moves(page: TransferPage, window: MainWindow, qtbot: QtBot) -> None:
    page.panel.condition.setCurrentText("Vitiligo")
    qtbot.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 0.3, 0.4))
    settle(qtbot, window)
    lesion = page.editing.history.now.lesion
    assert lesion is not None
    assert (lesion.x, lesion.y) == pytest.approx((0.3, 0.4), abs=0.01)
    qtbot.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 0.3, 0.4))
    for step in range(1, 6):
        qtbot.mouseMove(page.canvas, at(page, 0.3 + 0.03 * step, 0.4))
    qtbot.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 0.45, 0.4))
    settle(qtbot, window)
    lesion = page.editing.history.now.lesion
    assert lesion is not None
    assert lesion.x == pytest.approx(0.45, abs=0.02)
    page.editing.undo()
    assert page.editing.history.now.lesion is not None
    assert page.editing.history.now.lesion.x == pytest.approx(0.3, abs=0.01), "a drag is one step"


def test_undo_and_redo_reach_every_change(page: TransferPage, window: MainWindow, qtbot: QtBot) -> None:
    place(page, qtbot, window)
    page.panel.severity.box.setValue(80)
    page.panel.rotation.box.setValue(45)
    page.panel.mirrored.click()
    page.panel.tone.setCurrentIndex(8)
    page.panel.tone.activated.emit(8)
    settle(qtbot, window)
    changed = page.editing.history.now
    assert changed.tone == MonkTone(8)
    assert changed.lesion is not None
    assert (changed.lesion.severity, changed.lesion.rotation, changed.lesion.mirrored) == (0.8, 45, True)
    for _ in range(5):
        page.bar.undo.click()
    assert page.editing.history.now.empty
    assert not page.bar.undo.isEnabled()
    for _ in range(5):
        page.bar.redo.click()
    settle(qtbot, window)
    assert page.editing.history.now == changed


def test_a_region_is_brushed(page: TransferPage, window: MainWindow, qtbot: QtBot) -> None:
    place(page, qtbot, window, "Tinea corporis")
    page.panel.where.setCurrentIndex(1)
    page.panel.where.activated.emit(1)
    assert page.canvas.brush is not None
    qtbot.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 0.2, 0.3))
    qtbot.mouseMove(page.canvas, at(page, 0.4, 0.3))
    qtbot.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 0.4, 0.3))
    settle(qtbot, window)
    lesion = page.editing.history.now.lesion
    assert lesion is not None
    assert lesion.region.kind is RegionKind.STROKES
    assert lesion.x == pytest.approx(0.3, abs=0.03)
    page.panel.unbrush.click()
    settle(qtbot, window)
    assert page.editing.history.now.lesion is not None
    assert page.editing.history.now.lesion.region.kind is RegionKind.SKIN


def test_the_keyboard_does_it_all(page: TransferPage, window: MainWindow, qtbot: QtBot) -> None:
    page.panel.condition.setCurrentText("Vitiligo")
    page.canvas.setFocus()
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    settle(qtbot, window)
    first = page.editing.history.now.lesion
    assert first is not None
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_BracketRight, Qt.Key.Key_Period):
        qtbot.keyClick(page.canvas, key)
    settle(qtbot, window)
    lesion = page.editing.history.now.lesion
    assert lesion is not None
    assert lesion.x > first.x
    assert lesion.y > first.y
    assert lesion.rotation == 5
    assert lesion.size > first.size


def test_what_is_no_photograph_is_told_in_the_banner(
    page: TransferPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "text.jpg").write_bytes(b"nothing to see")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "text.jpg"))])
    before = page.photograph
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        dropped,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)
    settle(qtbot, window)
    assert "text.jpg" in window.banner.text
    assert page.photograph is before


def test_every_picture_says_what_it_is(page: TransferPage, window: MainWindow, qtbot: QtBot) -> None:
    assert page.canvas.label == "", "the photograph is one"
    place(page, qtbot, window)
    assert page.canvas.label == "Synthetic disease on a photograph. Not for diagnosis."
    page.editing.bring_to(MonkTone(8))
    assert "Simulated skin tone" in page.canvas.label


def test_an_unknown_disease_is_told(page: TransferPage, window: MainWindow) -> None:
    page.panel.condition.setCurrentText("Dragon pox")
    page.panel.add.click()
    assert "Dragon pox" in window.banner.text


def test_the_tone_is_told_with_its_scale(page: TransferPage) -> None:
    words = page.panel._measured.text()
    assert "ITA" in words
    assert "Monk" in words
    assert "unknown amount" in words


def test_before_and_after_are_parted_by_a_line(page: TransferPage, window: MainWindow, qtbot: QtBot) -> None:
    place(page, qtbot, window)
    page.editing.history.choose(-1)
    page.canvas.show_lesions((), -1, retoned=False)
    page.bar.split.box.setValue(100)
    before = page.canvas.grab().toImage()
    page.bar.split.box.setValue(0)
    after = page.canvas.grab().toImage()
    assert before != after
