"""DermTutor: learning to recognise skin disease on every skin tone, with generated images."""

__version__ = "0.1.0"
