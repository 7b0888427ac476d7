"""Finding a part of the data that a run was trained on."""

from typing import TYPE_CHECKING

from nnscratch.errors import UsageError

if TYPE_CHECKING:
    from nnscratch.data.dataset import Split
    from nnscratch.model import Model
    from nnscratch.runs import Found


def load_split(found: "Found", model: "Model", name: str | None) -> tuple[str, "Split"]:
    """Returns a part of the run's data and its name; `test` where there is one, else `train`.

    Raises:
        UsageError: The run's config is not there, or its data has no such part.
    """
    from nnscratch.config import load
    from nnscratch.experiment import load_dataset

    if found.config is None:
        raise UsageError(
            f"{found.weights}: has no config beside it that names its data; "
            f"give rows with --input {','.join('0' for _ in model.feature_names[:8])}"
        )
    splits = load_dataset(load(found.config)).splits
    name = name or ("test" if "test" in splits else "train")
    if name not in splits:
        raise UsageError(f"--split {name}: the run's data has {', '.join(splits)}")
    return name, splits[name]
