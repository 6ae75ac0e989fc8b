"""Pictures for files: what is drawn, and how it becomes SVG, PNG or PDF."""
