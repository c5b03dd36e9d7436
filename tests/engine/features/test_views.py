"""A stored copy that cannot be read: its data set was deleted, or it was damaged."""

import shutil
from pathlib import Path

import pytest

from core.engine.features.views import ViewPlan, read_view
from core.errors import UserError
from tests.builders import write_image


def why(copy: Path) -> str:
    """Give the reason for which a copy is refused."""
    with pytest.raises(UserError) as refused:
        read_view(copy, 8, content="ab01", view=0, plan=ViewPlan())
    return " ".join(refused.value.render("en").values())


def test_a_picture_whose_data_set_is_gone_says_so(tmp_path: Path):
    copy = write_image(tmp_path / "images" / "ab" / "ab01.png")
    shutil.rmtree(tmp_path / "images")

    assert "The data set was deleted" in why(copy)


@pytest.mark.parametrize("harm", [Path.unlink, lambda copy: copy.write_bytes(b"torn")])
def test_a_damaged_picture_is_named(tmp_path: Path, harm):
    copy = write_image(tmp_path / "images" / "ab" / "ab01.png")
    harm(copy)

    assert "The stored picture ab01.png cannot be read" in why(copy)
