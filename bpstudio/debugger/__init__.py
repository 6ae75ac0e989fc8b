"""The cursor on a trace and the verbs that move it; experiments and training runs. No Qt."""
