"""Classes that a model may know by something else: what is said of heat at the border."""

from core.insights import shortcuts
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
