"""The models of the config's parts."""
