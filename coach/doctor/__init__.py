"""The doctor: checks every part for real, and says what to do about what it finds."""
