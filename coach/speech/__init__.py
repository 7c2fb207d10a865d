"""Language, as pure functions: transcripts to commands, cues to text."""
