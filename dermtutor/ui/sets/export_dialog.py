"""In which form a case set leaves: what each is for, then how far it has come."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QGridLayout, QWidget

from dermtutor.domain.case_sets import CaseSet
from dermtutor.exchange.forms import Form
from dermtutor.ui.stylesheet import stylesheet
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, holder, label, row
from dermtutor.ui.widgets.marks import ModeTile
from dermtutor.ui.widgets.meter import Meter

FORMS: Final = {
    Form.DERMSET: ("Case-set file", "The whole set with its reviews, signed, for DermTutor elsewhere."),
    Form.PDF: ("Hand-out and key", "Two PDF files: the cases to print, and apart from them the answers."),
    Form.MOODLE: ("Moodle XML", "Questions with their images for Moodle’s question bank."),
    Form.SCORM: ("SCORM 1.2", "Pages for a learning platform or any browser; answers are scored."),
    Form.QTI3: ("QTI 3", "A test with its items for assessment platforms."),
    Form.QTI21: ("QTI 2.1", "The same test for older platforms."),
    Form.GIFT: ("GIFT", "Questions as text, with the images inside."),
    Form.ANKI: ("Anki deck", "A flash card for each case."),
    Form.DATASET: ("Data set", "Images, masks and a table, for training algorithms."),
}
_LEAD: Final = (
    "Every picture says what it is. Faces and photographs without permission stay here; so do rejected cases, "
    "except in a case-set file."
)
_COLUMNS: Final = 3


class ExportDialog(QDialog):
    """Opened with :meth:`open`. It stays until the file is written; closing it stops the writing."""

    wanted = Signal(object)
    """The Form that was chosen; a file has to be named next."""
    stopped = Signal()

    def __init__(self, parent: QWidget, theme: Theme, case_set: CaseSet) -> None:
        super().__init__(parent)
        self.case_set = case_set
        self.setWindowTitle("Export a case set")
        self.setProperty("role", "page")
        self.setStyleSheet(stylesheet(theme.tokens))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, True)
        self.tiles = {form: ModeTile(name, line, theme) for form, (name, line) in FORMS.items()}
        self._group = QButtonGroup(self)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, tile in enumerate(self.tiles.values()):
            self._group.addButton(tile)
            tile.setMinimumWidth(240)
            tile.setFixedHeight(76)  # two lines below the name
            grid.addWidget(tile, *divmod(place, _COLUMNS))
        self.tiles[Form.DERMSET].setChecked(True)
        self.go = button("Name a file …", "primary-small")
        self.cancel = button("Cancel", "quiet")
        self.meter = Meter(theme)
        self.words = label("Writing …", "muted")
        self._progress = holder(column(self.words, self.meter, gap=6))
        self._progress.hide()
        lead = label(_LEAD, "muted", wrap=True)
        title = label(f"Export {case_set.name}", "heading")
        layout = column(title, lead, gap=12)
        layout.addLayout(grid)
        layout.addWidget(self._progress)
        layout.addSpacing(4)
        layout.addLayout(row(None, self.cancel, self.go, gap=10))
        layout.setContentsMargins(24, 22, 24, 20)
        self.setLayout(layout)
        self.go.setDefault(True)
        self.go.clicked.connect(lambda: self.wanted.emit(self.form))
        self.cancel.clicked.connect(self.close)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tiles[self.form].setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stopped.emit()
        super().closeEvent(event)

    @property
    def form(self) -> Form:
        """The form that is chosen."""
        return next(form for form, tile in self.tiles.items() if tile.isChecked())

    def begin(self) -> None:
        """A file is being written."""
        self._let_choose(False)
        self.meter.show_share(0.0)

    def show_share(self, share: float) -> None:
        """How far it has come, 0 to 1."""
        self.meter.show_share(share)
        self.words.setText(f"Writing … {share:.0%}")

    def show_failure(self) -> None:
        """It was not written; another form or place can be chosen."""
        self._let_choose(True)

    def _let_choose(self, may: bool) -> None:
        for tile in self.tiles.values():
            tile.setEnabled(may)
        self.go.setEnabled(may)
        self._progress.setVisible(not may)
        self.cancel.setText("Cancel" if may else "Stop")
