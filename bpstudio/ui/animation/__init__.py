"""A stretch of stepping as an animation: its frames, its dialog, and the writing beside."""
