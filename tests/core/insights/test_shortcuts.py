"""Classes that a model may know by something else: what is said of heat at the border."""

from core.insights import shortcuts
from core.records import PicturePart
from tests import run_records


def test_it_warns_where_a_class_surely_goes_by_the_border():
    found = run_records.class_heat()

    assert str(shortcuts.border_share(found)).startswith(
        "Of what speaks for 'green' in 20 validation"
    )
    assert "80% lies at the border" in str(shortcuts.border_share(found))
    assert str(shortcuts.border_warning(found)).startswith("In 20 of 20 pictures")


def test_it_is_silent_where_that_may_be_chance_among_so_many_classes():
    assert shortcuts.border_warning(run_records.class_heat(p=0.2)) is None
    assert shortcuts.border_warning(run_records.class_heat(p=0.02, classes=2)) is not None
    assert shortcuts.border_warning(run_records.class_heat(p=0.02, classes=10)) is None


def test_a_mark_in_one_place_is_warned_of_where_the_ring_is_not():
    corner = PicturePart(left=5 / 6, top=5 / 6, right=1.0, bottom=1.0)
    found = run_records.class_heat(p=1.0, classes=10, spot=corner, spotted=19, spot_p=0.001)

    said = str(shortcuts.border_warning(found))

    assert "In 19 of 20 pictures one place, at the bottom right, speaks for 'green' more" in said
    unsure = run_records.class_heat(p=1.0, classes=10, spot=corner, spotted=9, spot_p=0.01)
    assert shortcuts.border_warning(unsure) is None
