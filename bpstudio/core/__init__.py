"""Networks, passes, the sequence of steps and what each step says. numpy only; no Qt, no files."""
