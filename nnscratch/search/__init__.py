"""Many training runs as one result: a directory of runs, and what is made from them.

The truth is in the runs, each of which is an ordinary run directory. Everything else, such as the
weights of an ensemble, a table of predictions or that of a search, is made from them and can be
made again.
"""
