"""The benchmark of many subjects runs small, and its answer does not depend on the processes."""

from benchmarks.credit_batch import FACTS, measure_batch, measure_building, measure_tables


def test_any_number_of_processes_gives_the_same_answer() -> None:
    alone, together = (measure_batch(subjects=800, processes=count) for count in (1, 2))

    assert alone.subjects == 800
    assert alone.facts_a_subject == FACTS == 20
    assert alone.digest == together.digest
    assert alone.rated == together.rated > 700
    assert min(alone.subjects_per_second, together.subjects_per_second) > 0


def test_records_and_tables_are_brought_into_columns() -> None:
    assert measure_building(subjects=5) > 0
    assert measure_tables(subjects=101) > 0
