"""The style sheet, generated from a palette of tokens. Widgets choose a rule by the property ``role``."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import Final

from dermtutor.paths import assets_dir
from dermtutor.ui.theme import Tokens

_RULES: Final = Template("""
QWidget[role="page"], QScrollArea, QWidget[role="clear"] { background: $page; }
QScrollArea { border: none; }
QScrollArea[role="see-through"] { background: transparent; }
QWidget[role="see-through"] { background: transparent; }
QFrame[role="bar"] { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[role="footer"] { background: $page; border: none; border-top: 1px solid $line; }
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 14px; }
QFrame[role="note"] { background: $raised; border: 1px solid $line; border-radius: 10px; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="verdict-right"] { background: $right_soft; border: none; border-radius: 12px; }
QFrame[role="verdict-wrong"] { background: $wrong_soft; border: none; border-radius: 12px; }
QFrame[role="banner"] { background: $caution_soft; border: none; border-bottom: 1px solid $line; }
QFrame[role="banner-told"] { background: $accent_soft; border: none; border-bottom: 1px solid $line; }

QLabel { background: transparent; }
QLabel[role="display"] { font-family: "Inter Display"; font-size: 34px; font-weight: 600; }
QLabel[role="title"] { font-family: "Inter Display"; font-size: 26px; font-weight: 600; }
QLabel[role="heading"] { font-family: "Inter Display"; font-size: 17px; font-weight: 600; }
QLabel[role="figure"] { font-family: "Inter Display"; font-size: 40px; font-weight: 600; }
QLabel[role="label"] { font-size: 13px; font-weight: 600; color: $text; }
QLabel[role="body"] { font-size: 14px; color: $text; }
QLabel[role="lead"] { font-size: 15px; color: $muted; }
QLabel[role="muted"] { font-size: 13px; color: $muted; }
QLabel[role="small"] { font-size: 12px; color: $muted; }
QLabel[role="verdict-right"] { font-size: 15px; font-weight: 600; color: $right; }
QLabel[role="verdict-wrong"] { font-size: 15px; font-weight: 600; color: $wrong; }
QLabel[role="caution"] { font-size: 13px; color: $caution; }
QLabel[role="wordmark"] { font-family: "Inter Display"; font-size: 17px; font-weight: 600; }
QLabel[role="pill"] { font-size: 12px; font-weight: 500; color: $muted; background: $raised;
  border: 1px solid $line; border-radius: 11px; padding: 3px 10px; }
QLabel[role="pill-caution"] { font-size: 12px; font-weight: 500; color: $caution; background: $caution_soft;
  border: 1px solid $caution_soft; border-radius: 11px; padding: 3px 10px; }
QLabel[role="pill-accent"] { font-size: 12px; font-weight: 500; color: $on_accent_soft; background: $accent_soft;
  border: 1px solid $accent_soft; border-radius: 11px; padding: 3px 10px; }
QLabel[role="pill-wrong"] { font-size: 12px; font-weight: 500; color: $wrong; background: $wrong_soft;
  border: 1px solid $wrong_soft; border-radius: 11px; padding: 3px 10px; }
QLabel[role="on-image"] { font-size: 12px; font-weight: 500; color: #ffffff; background: rgba(20, 20, 20, 215);
  border-radius: 8px; padding: 5px 10px; }

QPushButton { background: $surface; color: $text; border: 1px solid $line_strong; border-radius: 9px;
  padding: 8px 16px; min-height: 20px; font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $raised; }
QPushButton:focus { border: 2px solid $focus; padding: 7px 15px; }
QPushButton:disabled { color: $muted; border-color: $line; background: $raised; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
  padding: 10px 22px; min-height: 22px; border-radius: 10px; font-size: 15px; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; padding: 9px 21px; }
QPushButton[role="primary"]:disabled { background: $hover; color: $muted; border-color: $line; }
QPushButton[role="quiet"] { background: transparent; border: 1px solid transparent; color: $muted; padding: 6px 10px; }
QPushButton[role="quiet"]:hover { background: $hover; color: $text; }
QPushButton[role="quiet"]:focus { border: 2px solid $focus; padding: 5px 9px; color: $text; }
QPushButton[role="quiet"]:disabled { color: $line_strong; background: transparent; }
QPushButton[role="quiet"]:checked { background: $accent_soft; color: $on_accent_soft; }
QPushButton[role="nav"] { background: transparent; border: 1px solid transparent; color: $muted; padding: 7px 14px;
  border-radius: 9px; }
QPushButton[role="nav"]:hover { background: $hover; color: $text; }
QPushButton[role="nav"]:checked { background: $accent_soft; color: $on_accent_soft; font-weight: 600; }
QPushButton[role="nav"]:focus { border: 2px solid $focus; padding: 6px 13px; }
QPushButton[role="tool"] { background: $surface; border: 1px solid $line; color: $text; padding: 6px 12px;
  border-radius: 9px; font-size: 13px; }
QPushButton[role="tool"]:hover { background: $hover; }
QPushButton[role="tool"]:checked { background: $accent_soft; color: $on_accent_soft; border-color: $accent; }
QPushButton[role="tool"]:focus { border: 2px solid $focus; padding: 5px 11px; }
QPushButton[role="tool"]:disabled { color: $muted; }
QPushButton[role="tool-small"] { background: transparent; border: 1px solid $line; color: $muted; padding: 2px 9px;
  border-radius: 8px; font-size: 12px; min-height: 18px; }
QPushButton[role="tool-small"]:hover { background: $hover; color: $text; }
QPushButton[role="tool-small"]:focus { border: 2px solid $focus; padding: 1px 8px; color: $text; }
QPushButton[role="learner"] { background: $surface; border: 1px solid $line; color: $text; padding: 9px 16px;
  border-radius: 19px; }
QPushButton[role="learner"]:hover { background: $hover; }
QPushButton[role="learner"]:checked { background: $accent_soft; color: $on_accent_soft; border-color: $accent;
  font-weight: 600; }
QPushButton[role="learner"]:focus { border: 2px solid $focus; padding: 8px 15px; }

QLineEdit { background: $surface; border: 1px solid $line_strong; border-radius: 9px; padding: 8px 12px;
  min-height: 20px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus { border: 2px solid $focus; padding: 7px 11px; }

QComboBox { background: $surface; color: $text; border: 1px solid $line_strong; border-radius: 8px;
  padding: 4px 10px; min-height: 22px; }
QComboBox:focus { border: 2px solid $focus; padding: 3px 9px; }
QComboBox:disabled { color: $muted; background: $raised; border-color: $line; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$down"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $line_strong; outline: none;
  selection-background-color: $accent_soft; selection-color: $on_accent_soft; }
QDoubleSpinBox, QSpinBox { background: $surface; color: $text; border: 1px solid $line_strong; border-radius: 7px;
  padding: 2px 5px; min-height: 22px; selection-background-color: $accent; selection-color: $on_accent; }
QDoubleSpinBox:focus, QSpinBox:focus { border: 2px solid $focus; padding: 1px 4px; }
/* Without buttons, but not by NoButtons: together with a border that leaves the number no room. */
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button, QSpinBox::up-button, QSpinBox::down-button { width: 0;
  border: none; }
QDoubleSpinBox QLineEdit, QSpinBox QLineEdit { background: transparent; border: none; padding: 0 5px; min-height: 0; }
QDoubleSpinBox:disabled, QSpinBox:disabled { color: $muted; background: $raised; border-color: $line; }
QPlainTextEdit { background: $surface; color: $text; border: 1px solid $line_strong; border-radius: 8px;
  padding: 5px 8px; selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit:focus { border: 2px solid $focus; padding: 4px 7px; }
QPlainTextEdit:disabled { color: $muted; background: $raised; border-color: $line; }
QTreeWidget { background: transparent; color: $text; border: none; outline: none; font-size: 13px; }
QTreeWidget { show-decoration-selected: 0; selection-background-color: transparent; }
QTreeWidget::item { padding: 3px 4px; min-height: 20px; border: 2px solid transparent; border-radius: 6px; }
QTreeWidget::branch:selected:!has-children { background: $page; }
QTreeWidget::item:hover { background: $hover; }
QTreeWidget::item:selected { background: $accent_soft; color: $on_accent_soft; }
QTreeWidget::item:focus { border: 2px solid $focus; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QMenu { background: $surface; color: $text; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 6px 22px 6px 14px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; color: $on_accent_soft; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QFrame[role="clear-frame"] { background: transparent; border: none; }
QFrame[role="field"] { background: $surface; border: 1px solid $line; border-radius: 12px; }
QFrame[role="field"] QPlainTextEdit { border: none; border-radius: 10px; padding: 0; }
QLabel[role="label-wrong"] { font-size: 13px; font-weight: 600; color: $wrong; }
QPushButton[role="chip"] { background: $accent_soft; color: $on_accent_soft; border: 1px solid $accent_soft;
  border-radius: 13px; padding: 2px 10px; min-height: 20px; font-size: 13px; }
QPushButton[role="chip"]:hover { border-color: $accent; }
QPushButton[role="chip"]:focus { border: 2px solid $focus; padding: 1px 9px; }
QPushButton[role="chip"]:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton[role="quiet-small"] { background: transparent; border: 1px solid transparent; color: $muted;
  padding: 1px 6px; min-height: 20px; font-size: 12px; border-radius: 6px; }
QPushButton[role="quiet-small"]:hover { background: $hover; color: $text; }
QPushButton[role="quiet-small"]:focus { border: 2px solid $focus; padding: 0 5px; color: $text; }
QPushButton[role="primary-small"] { background: $accent; color: $on_accent; border: 1px solid $accent;
  font-weight: 600; padding: 8px 18px; border-radius: 9px; }
QPushButton[role="primary-small"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary-small"]:focus { border: 2px solid $text; padding: 7px 17px; }
QPushButton[role="primary-small"]:disabled { background: $hover; color: $muted; border-color: $line; }
QCheckBox { color: $text; spacing: 8px; min-height: 26px; }
QCheckBox:disabled { color: $muted; }

QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QTableView { background: $surface; border: none; gridline-color: $line; font-size: 13px;
  alternate-background-color: $raised; selection-background-color: $accent_soft; selection-color: $on_accent_soft; }
QTableView { outline: none; }
QTableView::item { padding: 0 10px; border: none; }
QTableView::item:focus { border: 2px solid $focus; border-radius: 5px; padding: 0 8px; color: $text; }
QTableView[role="dense"]::item { padding: 0; }
QTableView[role="dense"]::item:focus { padding: 0; color: $text; }
QTableView[role="dense"] QHeaderView::section { padding: 2px 4px; font-weight: 500; border: none; }
QListView[role="grid"] { background: transparent; border: none; outline: none; }
QHeaderView { background: $surface; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 8px 10px; font-size: 12px; font-weight: 600; }
QTableCornerButton::section { background: $surface; border: none; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $line; border-radius: 4px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $line_strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
""")


def stylesheet(tokens: Tokens) -> str:
    """The style sheet of a palette."""
    down = (assets_dir() / "icons" / "down.svg").as_posix()
    values = {key: value for key, value in asdict(tokens).items() if isinstance(value, str)}
    return _RULES.substitute(values, down=down)
