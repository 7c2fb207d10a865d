"""An offline, voice-guided coach that teaches the hip hinge."""

__version__ = "0.1.0"
