"""scikit-learn's callbacks: the task of fitting, with a task for each epoch below it."""

from typing import Any


class Tasks:
    """Calls the callbacks that are set on an estimator, or that a pipeline or search hands on.

    Args:
        estimator: The estimator that is fitted; its attributes are up to date after each epoch.
        X: The rows as they were given.
        y: The targets as they were given.
        sample_weight: Likewise.
    """

    def __init__(self, estimator: Any, X: Any, y: Any, sample_weight: Any) -> None:
        self._given = {"estimator": estimator, "X": X, "y": y}
        if sample_weight is not None:
            self._given["metadata"] = {"sample_weight": sample_weight}
        self._fit: Any = None
        self._epoch: Any = None
        if hasattr(estimator, "_skl_callbacks") or hasattr(estimator, "_parent_callback_ctx"):
            # Its documentation says that third parties may call it.
            self._fit = estimator._init_callback_context(max_subtasks=estimator.max_iter)
            self._fit.call_on_fit_task_begin(**self._given)

    def begin_epoch(self) -> None:
        """Begins the task of an epoch."""
        if self._fit is not None:
            self._epoch = self._fit.subcontext(task_name="epoch")
            self._epoch.call_on_fit_task_begin(**self._given)

    def end_epoch(self, *, is_done: bool = True) -> bool:
        """Ends the task of an epoch and returns whether a callback wants it to be the last.

        Args:
            is_done: Whether there was one: training may be over where it should begin.
        """
        if self._epoch is None:
            return False
        if not is_done:
            self._epoch.call_on_fit_task_end(estimator=self._given["estimator"])
            return True
        # A callback gets a copy of the estimator, which needs no further attributes.
        return bool(self._epoch.call_on_fit_task_end(**self._given, reconstruction_attributes=dict))

    def finish(self) -> None:
        """Ends the task of fitting."""
        if self._fit is not None:
            self._fit.call_on_fit_task_end(**self._given, reconstruction_attributes=dict)
