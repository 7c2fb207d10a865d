"""What is remembered between sessions, in SQLite."""
