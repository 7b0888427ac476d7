"""Classes and categories that are one to a reader: they differ only in case or in blanks."""

from collections.abc import Iterable, Iterator

from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text, some
from nnscratch.insight.doctor.finding import Finding


def check_spellings(experiment: Experiment) -> Iterator[Finding]:
    """Looks for classes, and categories of a column, that differ only in case or blanks."""
    dataset = experiment.dataset
    columns = {"the classes": dataset.classes or ()} | {
        label_text(feature.name): feature.categories or () for feature in dataset.features
    }
    variants = {name: find_variants(labels) for name, labels in columns.items()}
    found = [
        f"{' and '.join(map(_quote, group))} ({name})"
        for name, groups in variants.items()
        for group in groups
    ]
    if found:
        rule = f"texts that differ only in case or blanks are learned as different: {some(found)}"
        remedy = "if they mean the same, write them in one way in the data"
        yield Finding(rule, remedy=remedy, level="look")


def find_variants(labels: Iterable[object]) -> list[list[str]]:
    """Returns the groups of texts that are equal but for case and blanks; others are left out."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        if isinstance(label, str):
            groups.setdefault("".join(label.split()).casefold(), []).append(label)
    return [group for group in groups.values() if len(group) > 1]


def _quote(text: str) -> str:
    return f'"{label_text(text)}"'
