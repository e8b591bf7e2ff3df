"""The cases of a set as a list model, with thumbnails that are decoded off the window's thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QPixmap

from dermtutor.domain.case_sets import CaseState, SetCase
from dermtutor.domain.conditions import Catalogue
from dermtutor.services.case_sets import CaseSets
from dermtutor.ui.pictures import decode
from dermtutor.ui.tasks import Worker
from dermtutor.ui.widgets.basic import plain_tip

Index = QModelIndex | QPersistentModelIndex

CASE_ROLE: Final = int(Qt.ItemDataRole.UserRole)
"""The SetCase of a row."""
THUMBNAIL: Final = 132
"""Side of a thumbnail in logical pixels."""
_KEPT: Final = 700
"""Thumbnails in memory; each takes 70 kB, four times that on a fine screen."""
_MIME: Final = "application/x-dermtutor-cases"
STATE_WORDS: Final = {
    CaseState.DRAFTED: "not reviewed",
    CaseState.ACCEPTED: "accepted",
    CaseState.REJECTED: "rejected",
}
WITHHELD_WORDS: Final = "judged by others"


class Thumbnails(QObject):
    """Small pictures by the hash of their file. ``ready`` follows for each that was asked for and was not there."""

    ready = Signal(str)

    def __init__(self, sets: CaseSets, scale: float, parent: QObject) -> None:
        super().__init__(parent)
        self._sets = sets
        self._side = round(THUMBNAIL * scale)
        self._scale = scale
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._asked: set[str] = set()
        self._worker = Worker("thumbnails", self)
        self._newest = 0

    def get(self, sha: str) -> QPixmap | None:
        """The picture when it is there; else it is fetched, the newest wish first."""
        if sha in self._kept:
            self._kept.move_to_end(sha)
            return self._kept[sha]
        if sha not in self._asked:
            self._asked.add(sha)
            self._newest += 1
            self._worker.submit(
                "thumbnail", lambda cancel: self._load(sha), lambda image: self._came(sha, image),
                priority=self._newest,
            )  # fmt: skip
        return None

    def lost(self, sha: str) -> bool:
        """Whether the file was looked for in vain."""
        return sha in self._kept and self._kept[sha] is None

    def close(self) -> None:
        """Fetch nothing more."""
        self._worker.close()

    def idle(self) -> bool:
        """Nothing is fetched."""
        return self._worker.idle()

    def _load(self, sha: str) -> QImage | None:
        png = self._sets.image(sha)
        if png is None:
            return None
        smooth = Qt.TransformationMode.SmoothTransformation
        image = decode(png)
        side = min(image.width(), image.height())
        square = image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        return square.scaled(self._side, self._side, mode=smooth)

    def _came(self, sha: str, image: QImage | None) -> None:
        self._asked.discard(sha)
        picture = None if image is None else QPixmap.fromImage(image)
        if picture is not None:
            picture.setDevicePixelRatio(self._scale)
        self._kept[sha] = picture
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(sha)


class CaseListModel(QAbstractListModel):
    """``ordered`` carries the ids of all cases once cases were dragged elsewhere."""

    ordered = Signal(object)

    def __init__(self, catalogue: Catalogue, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self.thumbnails = thumbnails
        self.cases: list[SetCase] = []
        self.movable = False
        self.withheld: frozenset[str] = frozenset()
        """The ids of cases that others have judged and whoever looks has not."""
        self._places: dict[str, list[int]] = {}
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(lambda: self.ordered.emit(self.ids()))
        thumbnails.ready.connect(self._picture_came)

    def ids(self) -> list[str]:
        """The case ids in order."""
        return [each.case.case_id for each in self.cases]

    def show_cases(self, cases: Sequence[SetCase], withheld: frozenset[str] = frozenset()) -> None:
        """Other cases, or the same with what changed in them."""
        new, self.withheld = list(cases), withheld
        if [each.case.case_id for each in new] != self.ids():
            self.beginResetModel()
            self.cases = new
            self._index()
            self.endResetModel()
            return
        for row, (before, now) in enumerate(zip(self.cases, new, strict=True)):
            if before != now:
                self.cases[row] = now
                self.dataChanged.emit(self.index(row), self.index(row))

    def add_cases(self, cases: Sequence[SetCase]) -> None:
        """Further cases at the end."""
        there = set(self.ids())
        new = [each for each in cases if each.case.case_id not in there]
        if new:
            self.beginInsertRows(QModelIndex(), len(self.cases), len(self.cases) + len(new) - 1)
            self.cases += new
            self._index()
            self.endInsertRows()

    def move(self, rows: Sequence[int], by: int, shown: Sequence[int]) -> None:
        """Cases one or more places earlier (negative) or later among those ``shown``, as far as there is room; their
        own order stays."""
        chosen, others = sorted(rows), [row for row in shown if row not in set(rows)]
        if not chosen or not others or not self.movable:
            return
        place = list(shown).index(chosen[0] if by < 0 else chosen[-1]) + by
        target = max(place, 0) if by < 0 else min(place - len(chosen) + 1, len(others))
        rest = [row for row in range(len(self.cases)) if row not in set(chosen)]
        # Right before the one they pass upwards, or right behind the one they pass downwards, whatever is not shown.
        cut = (
            rest.index(others[min(target, len(others) - 1)]) if by < 0 else rest.index(others[target - 1]) + 1
        )
        self._rearrange([*rest[:cut], *chosen, *rest[cut:]])

    def _rearrange(self, order: Sequence[int]) -> None:
        if list(order) == list(range(len(self.cases))):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        place = {old: new for new, old in enumerate(order)}
        self.cases = [self.cases[old] for old in order]
        self.changePersistentIndexList(before, [self.index(place[each.row()]) for each in before])
        self._index()
        self.layoutChanged.emit()
        self._settle.start()

    def _index(self) -> None:
        self._places = {}
        for row, each in enumerate(self.cases):
            self._places.setdefault(each.case.image_sha, []).append(row)

    def _picture_came(self, sha: str) -> None:
        for row in self._places.get(sha, ()):
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        case = self.cases[index.row()]
        if role == CASE_ROLE:
            return case
        if role == Qt.ItemDataRole.DisplayRole:
            return self._catalogue.described(case.case.spec.condition).name
        if role == Qt.ItemDataRole.DecorationRole:
            return self.thumbnails.get(case.case.image_sha)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._said(index.row(), case)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._said(index.row(), case))
        return None

    def _said(self, row: int, case: SetCase) -> str:
        name = self._catalogue.described(case.case.spec.condition).name
        state = WITHHELD_WORDS if case.case.case_id in self.withheld else STATE_WORDS[case.state]
        parts = [f"{row + 1}. {name}", str(case.case.spec.tone), state]
        if case.pinned:
            parts.append("pinned")
        if case.case.flags:
            parts.append("; ".join(case.case.flags))
        return ", ".join(parts)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled if self.movable else Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsDragEnabled if self.movable else usual

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        carried = QMimeData()
        carried.setData(_MIME, ",".join(str(each.row()) for each in indexes).encode())
        return carried

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Puts the dragged cases before ``row`` (-1: at the end)."""
        if not self.movable or not data.hasFormat(_MIME):
            return False
        chosen = sorted(int(part) for part in bytes(data.data(_MIME).data()).decode().split(","))
        target = len(self.cases) if row < 0 else row
        before = [each for each in range(target) if each not in set(chosen)]
        after = [each for each in range(target, len(self.cases)) if each not in set(chosen)]
        self._rearrange([*before, *chosen, *after])
        return True
