"""Alembic's environment: the steps that bring a record database to the newest schema."""
