"""Settings that make no sense together, whatever the data."""

from collections.abc import Iterator

from nnscratch.config import Config

# A key, and the rule that its value breaks.
Broken = tuple[str, str]


def find_contradictions(config: Config) -> Iterator[Broken]:
    """Yields each key whose value does not fit the others, and the rule it breaks."""
    yield from _check_hidden(config)
    yield from _check_warmup(config)
    yield from _check_patience(config)
    if config.optimizer.name == "lbfgs":
        yield from _check_search(config)


def _check_hidden(config: Config) -> Iterator[Broken]:
    if not config.architecture:
        for key in ("dropout", "batch_norm"):
            if getattr(config, key):
                yield key, "needs a hidden layer; `architecture` has none"


def _check_warmup(config: Config) -> Iterator[Broken]:
    if config.schedule.warmup_epochs >= config.epochs:
        rule = f"must be below `epochs`, {config.epochs:,}, or the warm-up never ends"
        yield "schedule.warmup_epochs", f"{rule}; got {config.schedule.warmup_epochs:g}"


def _check_patience(config: Config) -> Iterator[Broken]:
    """Finds a patience that ends before the next evaluation."""
    for key, watch in (("early_stopping", config.early_stopping), ("schedule", config.schedule)):
        monitor, patience = getattr(watch, "monitor", ""), getattr(watch, "patience", 0)
        if monitor.startswith("val_") and patience < config.validate_every:
            rule = (
                f"counts epochs, and must be at least `validate_every`, {config.validate_every:,}"
            )
            yield f"{key}.patience", f"{rule}; got {patience}"


def _check_search(config: Config) -> Iterator[Broken]:
    """Finds what would mislead the line search of lbfgs, or is of no use to it."""
    own = [layer.dropout for layer in config.architecture]
    dropouts = {f"architecture.{i}.dropout": share for i, share in enumerate(own)}
    if None in own:
        dropouts["dropout"] = config.dropout
    for key, share in dropouts.items():
        if share:
            yield key, "cannot be used with lbfgs, whose loss must be the same in each step"
    if config.schedule.name != "constant" or config.schedule.warmup_epochs:
        yield "schedule", "cannot be used with lbfgs, whose line search finds each step's length"
    for key in ("clip_norm", "max_norm"):
        if getattr(config, key) is not None:
            yield key, "cannot be used with lbfgs, which needs the loss's own gradients"
