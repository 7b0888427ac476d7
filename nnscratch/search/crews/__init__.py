"""Who trains the tasks of a search: this process, others on this machine, or a cluster."""
