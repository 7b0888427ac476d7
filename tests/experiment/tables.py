"""Small tables, and configs for them, in the current folder."""

from pathlib import Path


def write(name: str, header: str, rows: list[str]) -> None:
    Path(name).write_text("\n".join([header, *rows, ""]))


def config(dataset: str = "", *lines: str) -> Path:
    path = Path("mine.yaml")
    settings = f"dataset: {{name: csv, path: t.csv, target: kind{dataset and ', '}{dataset}}}"
    path.write_text("\n".join([settings, *lines, ""]))
    return path
