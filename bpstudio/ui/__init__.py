"""The desktop application: the only part of bpstudio that knows Qt."""
