"""The two kinds of failure a person is told about; any other exception is a bug and goes to the log."""


class UserError(Exception):
    """Something the person can mend. The message is one clear sentence that says what to do next."""


class EnvironmentProblem(UserError):
    """The machine, not the person, is in the way: a read-only folder, a full disk, no display, altered weights."""
