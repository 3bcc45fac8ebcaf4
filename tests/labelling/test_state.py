"""Where the lines of a label stand."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.labelling.state import Labels

LABELS = st.sampled_from(["body", "list_item", "tags", "headline", "other"])


@given(st.lists(LABELS, max_size=9), st.sets(LABELS, max_size=3))
def test_places_of_labels_are_those_of_all_lines_that_have_one_of_them(labels: list[str], wanted: set[str]) -> None:
    page = Labels(labels, [], [], [])
    assert page.places_of(*sorted(wanted)) == [index for index, label in enumerate(labels) if label in wanted]
    assert page.places == {label: [index for index, own in enumerate(labels) if own == label] for label in labels}
