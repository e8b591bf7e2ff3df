"""Runs the steps on the connection, and inside the transaction, of the caller: all of them are kept or none."""

from alembic import context

from dermtutor.storage.schema import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
