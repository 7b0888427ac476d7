"""Looking at a network from outside: traces of its layers and checks of its gradients."""
