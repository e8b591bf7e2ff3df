"""One window for each home folder: a second start raises the first window instead of opening the records again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MILLISECONDS = 500


def socket_name(home: Path) -> str:
    """The name under which the window of a home folder listens."""
    return f"dermtutor-{hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:20]}"


def raise_running(home: Path) -> bool:
    """Ask a window that already uses this home folder to come forward; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(socket_name(home))
    if not socket.waitForConnected(ANSWER_MILLISECONDS):
        return False
    socket.write(b"raise\n")
    socket.waitForBytesWritten(ANSWER_MILLISECONDS)
    socket.disconnectFromServer()
    return True


class SingleInstance(QObject):
    """Listens for later starts. The socket is the user's alone (0700); one left by a crash is removed."""

    raise_wanted = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(socket_name(home))
        self.listening = self._server.listen(socket_name(home))
        self._server.newConnection.connect(self._called)

    @property
    def path(self) -> Path:
        """Where the socket lies."""
        return Path(self._server.fullServerName())

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._server.close()

    def _called(self) -> None:
        connection = self._server.nextPendingConnection()
        if connection is not None:
            connection.disconnected.connect(connection.deleteLater)
            self.raise_wanted.emit()
