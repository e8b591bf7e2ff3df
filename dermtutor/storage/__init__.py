"""Records in SQLite and images on disk.

The composition root builds ``Database(folders.database, folders.backups)`` and ``MediaFolder(folders.media)``,
hands them to ``SqlRecords`` and ``SqlRecordKeeping``, and at the end calls ``Database.close()``, which backs up.
"""
