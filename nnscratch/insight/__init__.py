"""Looking inside a network: in numbers, as a graph, and before it is trained."""
