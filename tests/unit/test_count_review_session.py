"""A sitting: order of questions, going back, being killed, two reviewers, and what `count` makes of it."""

import json

import pytest

from sousveil.case import Case
from sousveil.count.review.prepare import mark_of, prepared
from sousveil.count.review.result import with_reviews
from sousveil.count.review.session import LATER, Session
from sousveil.count.review.store import Store
from sousveil.count.review.verdict import EXPECTED, first_settled
from sousveil.errors import NotReviewable
from sousveil.progress import Silent
from sousveil.publish.stage import build
from sousveil.stages import perform
from tests.support_review import PEOPLE, name_of, number_of, world


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    found = world(tmp_path_factory.mktemp("review"))
    yield found
    found.case.close()


@pytest.fixture
def made(counted):
    counted.fresh()
    return counted


def people(case, table="*"):
    document = with_reviews(case, perform(case, "count", Silent()))
    return next(row for row in document["people"] if row["table"] == table)


def test_a_review_by_somebody_who_knows_holds_the_truth_for_the_case_and_for_a_table(made):
    for scope, name in ((0, "*"), (2, "visits")):
        sitting = made.sitting(scope, width=0.001)
        assert made.judge(sitting) > 0
        found = sitting.standing()
        assert found.interval.low <= PEOPLE <= found.interval.high
        assert found.interval.half < 0.1  # so few people leave much room for slips that nobody saw
        row = people(made.case, name)
        assert (row["low"], row["estimate"], row["high"]) == (
            found.interval.low,
            found.interval.estimate,
            found.interval.high,
        )
        assert row["level"] == 0.95 and row["review"]["decisions"] == found.decisions
        assert "random sample" in row["method"] and "level" not in row["unreviewed"]
    assert people(made.case, "register")["level"] is None


def test_a_killed_sitting_has_lost_no_answer_and_goes_on(made):
    sitting = made.sitting()
    made.judge(sitting, at_most=10)
    asked = sitting.question()
    folder = made.case.folder
    made.case.close()
    made.case = Case.open(folder, folder.parent / "key")
    again = made.sitting()
    assert again.question() == asked
    assert len(again.answers) == 10


def test_one_step_back_asks_the_same_again(made):
    sitting = made.sitting()
    assert not sitting.back()
    questions = []
    for _ in range(5):
        questions.append(sitting.question())
        sitting.answer(questions[-1], "n")
    for question in reversed(questions):
        assert sitting.back() and sitting.question() == question
    assert Store(made.case.vault).answers(sitting.kept.plan) == []


def test_nobody_takes_back_anothers_answer(made):
    made.judge(made.sitting(reviewer="A"), at_most=3)
    assert not made.sitting(reviewer="B").back()


def test_an_answer_against_the_matcher_is_asked_about_again_later_and_not_at_once(made):
    sitting = made.sitting(width=0.001)
    asked = []
    for _ in range(200):
        question = sitting.question()
        if question is None:
            break
        asked.append((question.place, question.card))
        sitting.answer(question, made.right(sitting, question))
    twice = {card: [n for n, other in enumerate(asked) if other == card] for card in asked}
    gaps = [turns[1] - turns[0] for turns in twice.values() if len(turns) > 1]
    assert gaps and sorted(gaps)[len(gaps) // 2] > LATER
    assert max(len(turns) for turns in twice.values()) == 2


def test_slips_that_are_taken_back_leave_the_findings_and_widen_the_interval(made):
    right = made.sitting(width=0.001)
    made.judge(right)
    findings = [first_settled(one.sampled, one.first) for one in right.decided()]
    seen = set()

    def slipping(sitting, question):
        wanted = made.right(sitting, question)
        kind = next(c.kind for c in sitting.kept.sampled[question.place].cards if c.index == question.card)
        expected = wanted == EXPECTED[kind]
        if question.card % 5 == 0 and expected and question.card not in seen:
            seen.add(question.card)
            return "n" if wanted == "y" else "y"
        return wanted

    for answer in list(right.answers):
        Store(made.case.vault).take_back(right.kept.plan, answer.seq)
    slipped = made.sitting(width=0.001)
    made.judge(slipped, slipping)
    assert seen and [first_settled(one.sampled, one.first) for one in slipped.decided()] == findings
    found = slipped.standing().interval
    assert found.low <= PEOPLE <= found.high
    assert slipped.standing().interval.half > right.standing().interval.half


def test_it_stops_where_the_interval_is_as_narrow_as_asked_or_after_so_many_records(made):
    wide = made.sitting(width=0.2)
    made.judge(wide)
    found = wide.standing()
    assert found.interval.half <= 0.2 and found.decisions < len(wide.kept.sampled) and found.more == 0
    few = made.sitting(scope=2, width=0.001, most=30)
    made.judge(few)
    asked = {answer.place for answer in few.answers}
    assert max(asked) < 30 <= few.standing().decisions < len(few.kept.sampled)
    assert few.question() is None and few.standing().more > 0


def test_whoever_is_never_sure_gets_a_wide_interval(made):
    sitting = made.sitting(width=0.001)
    made.judge(sitting, lambda *_: "u")
    assert sitting.standing().interval.half > 0.15
    assert sitting.standing().interval.low <= PEOPLE <= sitting.standing().interval.high


def test_a_second_reviewer_is_somebody_else_and_judges_a_share_without_seeing_the_answers(made):
    with pytest.raises(NotReviewable):
        made.sitting(reviewer="B", second=True)
    first = made.sitting(reviewer="A", width=0.001)
    made.judge(first)
    assert first.agreed() is None
    for name, second in (("A", True), (" A ", True)):
        with pytest.raises(NotReviewable):
            made.sitting(reviewer=name, second=second)
    sitting = made.sitting(reviewer="B", second=True)
    shared = {place for place, is_shared in enumerate(sitting.kept.shared) if is_shared}
    asked = set()
    while (question := sitting.question()) is not None:
        asked.add(question.place)
        sitting.answer(question, made.right(sitting, question))
    assert asked and asked <= shared and len(shared) < 0.4 * PEOPLE * 2
    with pytest.raises(NotReviewable):
        made.sitting(reviewer="B")
    agreed = sitting.agreed()
    assert agreed.raw == 1.0
    row = people(made.case)
    assert row["review"]["agreement"] == 1.0 and "agreed on 100%" in row["method"]
    assert row["review"]["reviewers"] == 2


def test_a_second_reviewer_who_sees_it_otherwise_widens_the_interval(made):
    first = made.sitting(reviewer="A", width=0.001)
    made.judge(first)
    before = first.standing().interval
    second = made.sitting(reviewer="B", second=True)
    made.judge(second, lambda *_: "y")
    after = second.standing().interval
    assert second.agreed().raw < 0.9
    assert after.half > before.half and after.low < before.low


def test_a_review_goes_stale_with_review_toml_and_with_the_matchers_people(tmp_path):
    made = world(tmp_path)
    made.judge(made.sitting())
    assert people(made.case)["level"] == 0.95
    before = mark_of(made.case)
    made.case.vault.engine.run("UPDATE people.t2 SET person = 5000 WHERE _row = 3")
    assert mark_of(made.case) != before and people(made.case)["level"] is None
    review = made.case.folder / "review.toml"
    review.write_text(review.read_text("utf-8").replace('DH = "phone"', 'DH = "text"', 1), "utf-8")
    assert people(made.case)["level"] is None
    assert made.sitting().answers == ()
    made.case.close()


def test_only_row_numbers_and_answers_are_kept(made):
    made.judge(made.sitting())
    engine = made.case.vault.engine
    held = ""
    for (name,) in engine.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'review'"):
        held += json.dumps(engine.rows(f"SELECT * FROM review.{name}"), ensure_ascii=False)
    assert held
    for person in range(PEOPLE):
        assert name_of(person) not in held and number_of(person) not in held


def test_the_same_case_draws_the_same_records(made):
    kept = prepared(made.case, 0, Silent())
    made.case.vault.engine.run("DROP SCHEMA review CASCADE")
    assert prepared(made.case, 0, Silent()).records == kept.records


def test_a_sitting_takes_nothing_that_could_name_a_record(made):
    fields = set(Session.__dataclass_fields__) - {"_answers", "_looks", "_pointer"}
    assert fields == {"store", "kept", "reviewer", "width", "most", "second"}
    public = {name for name in vars(Session) if not name.startswith("_")} - fields
    assert public == {"answers", "reviewers", "question", "answer", "back", "standing", "agreed", "decided"}


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_reviewer_has_a_name(made, name):
    with pytest.raises(NotReviewable):
        made.sitting(reviewer=name)


def test_a_review_reaches_the_findings_and_the_report_with_its_level(made):
    before = _published(made.case)
    assert before["count"]["level"] is None
    sitting = made.sitting(2)
    made.judge(sitting)
    found = _published(made.case)
    said, value = found["count"], found["cells"][0]["value"]
    assert said["level"] == 0.95 and said["unreviewed"] == before["count"]
    assert found["cells"] == before["cells"], "the released number is the same"
    base = people(made.case, "visits")["told_apart"]
    interval = sitting.standing().interval
    assert said["low"] <= value * interval.low / base and value * interval.high / base <= said["high"]
    page = build({"findings": [found]}, {"tests": []}, 10, "exact")["index.html"].decode("utf-8")
    assert "Reviewed, 95%" in page and f"{said['low']} to {said['high']}" in page
    made.fresh()
    assert _published(made.case) == before


def _published(case):
    question = '[[question]]\nid = "visitors"\ntitle = "Visitors"\ncount = "people"\ntable = "visits"\n'
    (case.folder / "questions.toml").write_text(question, "utf-8")
    return perform(case, "findings", Silent())["findings"][0]
