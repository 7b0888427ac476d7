"""An exported page predicts what the model predicts, in Chromium, offline, from a file."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from nnscratch.data.images import read_image
from nnscratch.export import html_format
from nnscratch.export.subject import Subject
from nnscratch.model.predictor import Predictor
from tests.conftest import Command
from tests.data.drawing import DIGITS, LINES, drawn
from tests.export.models import HOSTILE, IMPORTANT, MODELS, case_of, odd_cases
from tests.stories.browser import chromium, draw, needs_browser, opened
from tests.stories.exports import assert_agrees
from tests.stories.test_data_configs import HAS_MNIST

pytestmark = needs_browser
PREDICT = """rows => rows.map(row => {
    try {
        const values = nnscratch.compute(nnscratch.read(row));
        return [nnscratch.decide(values), values];
    } catch (error) {
        return error.message;
    }
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def page_of(model: Predictor, folder: Path, name: str = "model") -> Path:
    path = folder / "page.html"
    path.write_bytes(html_format.write(Subject.of(model, name)).files[".html"])
    return path


def check(browser: Any, folder: Path, names: Sequence[str], rows: int) -> None:
    for name in names:
        case = case_of(MODELS[name](), rows)
        with opened(browser, page_of(case.subject.model, folder)) as page:
            found = page.evaluate(PREDICT, case.rows)
        answers = [each[0] for each in found]
        if case.subject.model.encoding.multi_label and not isinstance(answers[0], list):
            answers = [[answer] for answer in answers]
        assert_agrees(case, answers, [each[1] for each in found], 1e-5)


def test_important_models(browser: Any, tmp_path: Path) -> None:
    check(browser, tmp_path, IMPORTANT, 100)


@pytest.mark.slow  # dozens of pages
def test_many_rows_of_models_of_every_kind(browser: Any, tmp_path: Path) -> None:
    check(browser, tmp_path, list(MODELS), 1000)


@pytest.mark.parametrize("name", ["people", "comma", "picture"])
def test_odd_rows_have_the_same_answer_or_the_same_refusal(
    name: str, browser: Any, tmp_path: Path
) -> None:
    model = MODELS[name]()
    cases = odd_cases(model)
    with opened(browser, page_of(model, tmp_path)) as page:
        found = page.evaluate(PREDICT, [row for row, _ in cases])
    for (row, answer), each in zip(cases, found, strict=True):
        if answer is None:
            assert isinstance(each, str), (row, each)
        else:
            assert not isinstance(each, str), (row, each)
            near = pytest.approx(answer[0], rel=1e-5) if isinstance(answer, list) else answer
            assert each[0] == near, row


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_a_part_of_the_page(name: str, browser: Any, tmp_path: Path) -> None:
    model = MODELS["hostile"]()
    with opened(browser, page_of(model, tmp_path, name)) as page:
        assert page.evaluate("typeof hit") == "undefined"
        assert page.locator("script").count() == 2
        assert page.evaluate("nnscratch.columns.map(column => column.name)")[:-1] == list(HOSTILE)
        assert page.evaluate("document.getElementById('name').textContent") == name
        assert page.inner_text("#refusal") == ""
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.evaluate("innerWidth")


def test_a_form_is_filled_in_with_mouse_and_keyboard(browser: Any, tmp_path: Path) -> None:
    model = MODELS["people"]()
    with opened(browser, page_of(model, tmp_path), viewport={"width": 360, "height": 800}) as page:

        def shown() -> tuple[str, list[str]]:
            page.wait_for_timeout(60)
            return page.inner_text("#answer"), page.locator("#bars .share").all_inner_texts()

        def expected(row: list[Any]) -> tuple[str, list[str]]:
            (probabilities,) = model.predict_proba([row]).tolist()
            (label,) = model.predict([row]).tolist()
            shares = [f"{100 * p:.1f} %" for p in probabilities]
            return f"{label} {100 * max(probabilities):.1f} %", shares

        row = ["41", "blue", "01.12.1994", "L", "2004-03-23 00:00:00", "71", "09:36"]
        assert shown() == expected(row)
        page.get_by_label("age", exact=True).fill("70")
        row[0] = "70"
        assert shown() == expected(row)
        page.get_by_label("colour", exact=True).select_option(label="(no value)")
        row[1] = ""
        assert shown() == expected(row)
        page.get_by_label("weight, slider").press("End")
        row[5] = "104"
        assert page.get_by_label("weight", exact=True).input_value() == "104"
        assert shown() == expected(row)
        page.get_by_label("since", exact=True).fill("30.02.2020")
        page.wait_for_timeout(60)
        assert "since: 30.02.2020 is not a date like 30.01.2026" in page.inner_text("#refusal")
        page.get_by_label("since", exact=True).fill("29.02.2020")
        row[2] = "29.02.2020"
        assert shown() == expected(row)
        page.locator("#curve-column").select_option(label="colour")
        page.wait_for_timeout(60)
        assert page.locator("#curve svg circle").count() == 3 * 3
        page.wait_for_timeout(900)
        assert page.inner_text("#spoken").startswith(shown()[0].split()[0])


def test_numbers_in_other_units_have_curves_of_their_own(browser: Any, tmp_path: Path) -> None:
    with opened(browser, page_of(MODELS["several-numbers"](), tmp_path)) as page:
        page.wait_for_timeout(60)
        assert page.locator("#curve svg").count() == 2
        lowest = page.locator("#curve svg >> nth=1").locator("text >> nth=0").text_content()
        assert lowest.startswith("-1.0")
        assert lowest.endswith("M")
    with opened(browser, page_of(MODELS["labels"](), tmp_path)) as page:
        page.wait_for_timeout(60)
        assert page.locator("#curve svg").count() == 1
        assert page.locator("#curve svg path.curve").count() == 3


def test_the_plane_of_two_inputs_sets_them(
    browser: Any, workplace: Path, nnscratch: Command
) -> None:
    nnscratch("train", "configs/moons.yaml", "epochs=5", "--quiet", "--no-plots")
    assert nnscratch("export", "moons", "--to", "html").code == 0
    with opened(browser, Path("moons_model.html").absolute()) as page:
        assert page.locator("#layer canvas").count() == 16
        plane = page.locator("#plane canvas")
        plane.scroll_into_view_if_needed()
        box = plane.bounding_box()
        before = page.locator("#column-0").input_value()
        page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.1 * box["height"])
        page.wait_for_timeout(60)
        assert float(page.locator("#column-0").input_value()) > float(before)
        facts = page.inner_text("#facts")
        record = json.loads((next(Path("runs").iterdir()) / "run.json").read_text())
        assert record["started"][:10] in facts
        assert f"accuracy {100 * record['test']['accuracy']:.1f} %" in facts
        assert "trained on moons" in page.inner_text("#origin")


def sees(page: Any, expected: NDArray[Any]) -> bool:
    """Returns whether the page soon shows a picture to the network.

    Where the centre of mass lies just between two pixels, rounding decides for one of them.
    """
    height, width = expected.shape
    data = f"getContext('2d').getImageData(0, 0, {width}, {height}).data"
    for _ in range(40):
        found = page.evaluate(f"Array.from(document.getElementById('seen-picture').{data})")[::4]
        shades = np.array(found).reshape(height, width)
        for shift in [(y, x) for y in (0, 1, -1) for x in (0, 1, -1)]:
            if np.abs(np.roll(shades, shift, (0, 1)) - expected).max() < 1.5:
                return True
        page.wait_for_timeout(50)
    return False


@pytest.mark.parametrize("height", [28, 8])
def test_pictures_are_centred_as_by_the_command(height: int, browser: Any, tmp_path: Path) -> None:
    model = MODELS["large-picture" if height == 28 else "picture"]()
    form = model.image
    assert form
    kinds: list[dict[str, Any]] = [
        {"side": 140}, {"side": 61, "ink": 255, "paper": 0}, {"side": 200, "pen": 0.02},
        {"side": 90, "ink": (0, 0, 0, 255), "paper": (0, 0, 0, 0), "mode": "RGBA"},
        {"side": height, "ink": 255, "paper": 0},
        {"side": 120, "ink": (30, 60, 200), "paper": (250, 240, 230), "mode": "RGB"},
    ]  # fmt: skip
    with opened(browser, page_of(model, tmp_path)) as page:
        for number, digit in enumerate(DIGITS):
            for kind in kinds:
                path = tmp_path / f"{number}.png"
                drawn(digit, **kind).save(path)
                page.set_input_files("#file", path)
                expected = read_image(path, form) * 255 / form.largest
                assert sees(page, expected.reshape(form.height, form.width)), (digit, kind)
        Image.new("L", (30, 30), 255).save(tmp_path / "blank.png")
        page.set_input_files("#file", tmp_path / "blank.png")
        page.wait_for_timeout(300)
        assert page.inner_text("#answer") == "Draw something"
        (tmp_path / "no.png").write_text("no picture")
        page.set_input_files("#file", tmp_path / "no.png")
        page.wait_for_timeout(300)
        assert page.inner_text("#refusal").startswith("no.png: is not a picture")


DROP = """bytes => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "four.png", { type: "image/png" }));
    const options = { bubbles: true, cancelable: true, dataTransfer: data };
    const paper = document.getElementById("paper");
    paper.dispatchEvent(new DragEvent("dragover", options));
    paper.dispatchEvent(new DragEvent("drop", options));
}"""


def test_a_picture_is_dropped_and_drawn_on(browser: Any, tmp_path: Path) -> None:
    model = MODELS["large-picture"]()
    drawn(4).save(tmp_path / "four.png")
    assert model.image
    with opened(browser, page_of(model, tmp_path)) as page:
        page.evaluate(DROP, list((tmp_path / "four.png").read_bytes()))
        expected = read_image(tmp_path / "four.png", model.image)
        assert sees(page, expected.reshape(28, 28))
        (probabilities,) = model.predict_proba(expected).tolist()
        shown = page.locator("#bars .share").all_inner_texts()
        assert shown == [f"{100 * p:.1f} %" for p in probabilities]
        draw(page, [(0.1, 0.1), (0.9, 0.1)])
        page.wait_for_timeout(100)
        assert page.locator("#bars .share").all_inner_texts() != shown


def test_drawing_with_the_keyboard(browser: Any, tmp_path: Path) -> None:
    with opened(browser, page_of(MODELS["large-picture"](), tmp_path)) as page:
        assert page.inner_text("#answer") == "Draw something"
        page.locator("#paper").focus()
        page.keyboard.press(" ")
        for _ in range(20):
            page.keyboard.press("ArrowDown")
        page.wait_for_timeout(60)
        assert "%" in page.inner_text("#answer")
        assert page.locator("#layer canvas").count() == 24
        page.keyboard.press("Delete")
        page.wait_for_timeout(60)
        assert page.inner_text("#answer") == "Draw something"


@pytest.mark.slow  # trains on MNIST
@pytest.mark.skipif(not HAS_MNIST, reason="needs scikit-learn's data folder with MNIST in it")
@pytest.mark.parametrize("touch", [False, True])
def test_digits_that_are_drawn_are_recognized(
    touch: bool, browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("digits.yaml").write_text(
        "dataset: mnist\narchitecture: [128]\noptimizer: {name: sgd, momentum: 0.9}\n"
        "learning_rate: 0.1\nbatch_size: 128\nepochs: 4\n"
    )
    assert nnscratch("train", "digits.yaml", "--quiet", "--no-plots").code == 0
    assert nnscratch("export", "digits", "--to", "html").code == 0
    size = Path("digits_model.html").stat().st_size
    weights = 4 * (784 * 128 + 128 + 128 * 10 + 10)
    assert size < 150_000 + weights * 4 / 3  # in base64
    settings = {"viewport": {"width": 360, "height": 740}, "has_touch": True} if touch else {}
    with opened(browser, Path("digits_model.html").absolute(), **settings) as page:
        for digit, strokes in LINES.items():
            page.click("#clear")
            for points in strokes:
                draw(page, points)
            page.wait_for_timeout(80)
            assert page.inner_text("#answer").split()[0] == str(digit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_text_is_readable_and_nothing_is_wider_than_the_screen(
    width: int, scheme: str, browser: Any, tmp_path: Path
) -> None:
    path = page_of(MODELS["people"](), tmp_path)
    settings = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with opened(browser, path, **settings) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for name in ("--ink", "--faint", "--accent", "--warning"):
            colors = page.evaluate(f"[themeColor('{name}'), themeColor('--card')]")
            assert contrast(*colors) >= 4.5, name
        # Whatever can be used has a name for those who do not see it.
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input, select, button')].filter(each => "
            "!each.labels?.length && !each.ariaLabel && !each.textContent).length"
        )
        assert unnamed == 0


def contrast(first: Sequence[float], second: Sequence[float]) -> float:
    """The contrast of two colours by the Web Content Accessibility Guidelines 2.2."""

    def luminance(color: Sequence[float]) -> float:
        shares = [v / 255 for v in color]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted(map(luminance, (first, second)))
    return (lighter + 0.05) / (darker + 0.05)
