"""Pictures, one kind per file. matplotlib is imported when the first is drawn, and never pyplot."""
