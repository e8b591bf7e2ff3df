"""The outline: the tables of the recipe as a tree, and what can be done to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from dermtutor.domain.recipes import Key
from dermtutor.ui.recipes.places import Addition, Place
from dermtutor.ui.widgets.basic import button, column, row

_KEY = Qt.ItemDataRole.UserRole


class Outline(QWidget):
    """``chosen`` carries a Place; the others ask for a change of the chosen one."""

    chosen = Signal(object)
    add_wanted = Signal(object)
    copy_wanted = Signal(object)
    remove_wanted = Signal(object)
    move_wanted = Signal(object, int)

    def __init__(self, additions: Callable[[Place], Sequence[Addition]]) -> None:
        super().__init__()
        self._additions = additions
        self._places: dict[Key, Place] = {}
        self._items: dict[Key, QTreeWidgetItem] = {}
        self._wrong: set[Key] = set()
        self._read_only = False
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("Parts of the recipe")
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.currentItemChanged.connect(self._current_changed)
        self.add = button("Add …", "tool", "Add a part (Ctrl+Shift+A)")
        self.up = button("↑", "tool", "Move this part up (Ctrl+Shift+Up)")
        self.down = button("↓", "tool", "Move this part down (Ctrl+Shift+Down)")
        self.twin = button("Copy", "tool", "One more like this (Ctrl+Shift+D)")
        self.remove = button("Remove", "tool", "Remove this part (Ctrl+Shift+Del)")
        self.up.setAccessibleName("Move this part up")
        self.down.setAccessibleName("Move this part down")
        self.add.clicked.connect(self.offer_additions)
        self.twin.clicked.connect(lambda: self._ask(self.copy_wanted.emit))
        self.remove.clicked.connect(lambda: self._ask(self.remove_wanted.emit))
        self.up.clicked.connect(lambda: self.step(-1))
        self.down.clicked.connect(lambda: self.step(1))
        layout = column(self.tree, row(self.add, self.twin, None, gap=6),
                        row(self.up, self.down, self.remove, None, gap=6), gap=6)  # fmt: skip
        layout.setStretch(0, 1)
        self.setLayout(layout)

    @property
    def place(self) -> Place | None:
        """The chosen place."""
        item = self.tree.currentItem()
        return None if item is None else self._places.get(item.data(0, _KEY))

    def show_tree(self, root: Place, chosen: Key, *, read_only: bool) -> None:
        """Another tree, or the same with changed parts; the nearest place to ``chosen`` is chosen."""
        self._read_only = read_only
        places = {place.key: place for place in root.walk()}
        same = list(places) == list(self._places)
        self._places = places
        self.tree.blockSignals(True)
        if not same:
            self._rebuild(root)
        for key, item in self._items.items():
            item.setText(0, places[key].title)
            item.setToolTip(0, "")
        nearest = next(chosen[:n] for n in range(len(chosen), -1, -1) if chosen[:n] in places)
        item = self._items[nearest]
        self.tree.setCurrentItem(item)
        self.tree.scrollToItem(item)
        self.tree.blockSignals(False)
        self._mark()
        self._able()

    def clear(self) -> None:
        """No recipe."""
        self.tree.blockSignals(True)
        self.tree.clear()
        self.tree.blockSignals(False)
        self._places, self._items, self._wrong = {}, {}, set()

    def mark(self, keys: Iterable[Key]) -> None:
        """Point out the places with something wrong in them."""
        self._wrong = set(keys)
        self._mark()

    def step(self, by: int) -> None:
        """Ask to move the chosen entry in its list."""
        place = self.place
        if (
            place is not None
            and place.is_entry
            and 0 <= place.position + by < place.siblings
            and not self._read_only
        ):
            self.move_wanted.emit(place, place.position + by)

    def offer_additions(self) -> None:
        """What can be added here, as a menu."""
        menu = self.menu()
        if menu is not None:
            menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def menu(self) -> QMenu | None:
        """The menu of what can be added, nearest first; None when nothing can."""
        place = self.place
        if place is None or self._read_only:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        depth = None
        for each in self._additions(place):
            if depth is not None and len(each.key) < depth:
                menu.addSeparator()
            depth = len(each.key)
            menu.addAction(each.title).triggered.connect(
                lambda _=False, wanted=each: self.add_wanted.emit(wanted)
            )
        return menu

    def _rebuild(self, root: Place) -> None:
        closed = {key for key, item in self._items.items() if item.childCount() and not item.isExpanded()}
        self.tree.clear()
        self._items = {}
        for place in root.walk():
            item = QTreeWidgetItem([place.title])
            item.setData(0, _KEY, place.key)
            self._items[place.key] = item
            parent = next(
                (
                    self._items[place.key[:n]]
                    for n in range(len(place.key) - 1, 0, -1)
                    if place.key[:n] in self._items
                ),
                None,
            )
            parent.addChild(item) if parent is not None else self.tree.addTopLevelItem(item)
        for key, item in self._items.items():
            item.setExpanded(key not in closed and not (key and key[0] == "condition"))

    def _mark(self) -> None:
        for key, item in self._items.items():
            exact = any(self._nearest(wrong) == key for wrong in self._wrong)
            item.setText(0, f"{self._places[key].title}  ●" if exact else self._places[key].title)
            item.setToolTip(0, "Something is wrong here" if exact else "")

    def _nearest(self, key: Key) -> Key:
        return next(key[:n] for n in range(len(key), -1, -1) if key[:n] in self._items or n == 0)

    def _current_changed(self, item: QTreeWidgetItem | None) -> None:
        self._able()
        if item is not None:
            self.chosen.emit(self._places[item.data(0, _KEY)])

    def _able(self) -> None:
        place, free = self.place, not self._read_only
        entry = place is not None and place.is_entry and free
        for each in (self.add, self.twin, self.remove, self.up, self.down):
            each.setVisible(free)
        self.add.setEnabled(free)
        self.twin.setEnabled(entry)
        self.remove.setEnabled(place is not None and place.is_optional and free)
        self.up.setEnabled(bool(entry and place is not None and place.position > 0))
        self.down.setEnabled(bool(entry and place is not None and place.position + 1 < place.siblings))

    def _ask(self, emit: Callable[[object], None]) -> None:
        place = self.place
        if place is not None and place.is_optional and not self._read_only:
            emit(place)
