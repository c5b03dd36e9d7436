"""The teacher's page, and what pupils see of what is done there."""

import time
from collections.abc import Callable

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import runs
from core.classroom import allowances, audit, collecting, handing, hour, links, people
from core.classroom.folder import ACCOUNTS, SWITCH, TEACHER, ClassFolder
from core.lessons import reading
from core.records import TrainConfig
from core.records.classroom import ActKind, Quota
from core.runs.sharing import places
from core.web import access
from tests.builders import make_dataset, make_run
from tests.pages.conftest import MAIN


@pytest.fixture
def look(room: ClassFolder, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Give a function that opens a page as somebody of the class does."""

    def look_(person_id: str, page: str = "home") -> AppTest:
        signed = access.sign_person(person_id, access.secret(room.teacher.root))
        cookies = Cookies({access.PERSON_COOKIE: signed})
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: cookies))
        app = AppTest.from_file(str(MAIN), default_timeout=60).run()
        if page != "home":
            app.switch_page(f"{page}.py").run()
        assert not app.exception
        return app

    return look_


class Cookies(dict):
    def to_dict(self) -> dict[str, str]:
        return dict(self)


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


def test_pupils_see_one_sentence_until_they_are_let_go_on(room, ada, look):
    app = look(TEACHER, "classroom")

    app.button(key="eyes-here").click().run()
    assert titles(look(ada.id)) == [":material/visibility: Eyes here"]
    assert titles(look(TEACHER)) == ["Teach a computer to see"]

    app = look(TEACHER, "classroom")
    app.button(key="eyes-here").click().run()
    assert titles(look(ada.id)) == ["Teach a computer to see"]


def test_a_data_set_and_a_lesson_for_all(room, ada, look):
    dataset, lesson = make_dataset(room.teacher, num=2), next(iter(reading.lessons().values()))
    app = look(TEACHER, "classroom")

    app.button(key="do-hand-out").click().run()
    app.selectbox(key="lesson-for-all").select(lesson.name).run()

    assert handing.is_handed_out(room.workspace(ada.id), dataset.id)
    assert hour.current(room).lesson == lesson.name
    home = look(ada.id)
    assert any(lesson.title in text.value for text in home.markdown)
    assert not [button for button in look(TEACHER).button if button.key == "begin-given"]


def test_the_line_can_be_changed(room, ada, look):
    ben = room.workspace(people.join(room, "Ben").id)
    config = TrainConfig(dataset_id="d")
    hers, his = runs.create(room.workspace(ada.id), config), runs.create(ben, config)
    app = look(TEACHER, "classroom")

    app.button(key=f"first-{ben.root.name}-{his}").click().run()
    assert [run for _, run in places.of_class(room).run_line().line] == [his, hers]

    app.button(key=f"stop-{ben.root.name}-{his}").click().run()
    assert [run for _, run in places.of_class(room).run_line().line] == [hers]


def test_results_of_all_are_there_with_their_owners(room, ada, look):
    ws = room.workspace(ada.id)
    run = make_run(ws, config=TrainConfig(dataset_id=make_dataset(ws, num=2).id, epochs=2))
    runs.rename(ws, run, "<b>bold</b>")

    app = look(TEACHER, "classroom")

    [chart] = app.get("plotly_chart")
    assert "Ada · &lt;b>bold" in chart.proto.spec.encode().decode("unicode_escape")


def test_a_pupil_is_told_where_images_stay_and_who_sees_them(room, ada, look):
    page = look(ada.id)

    assert any("stays on your teacher's computer" in c.value for c in page.sidebar.caption)
    assert any("your teacher does" in caption.value for caption in page.main.caption)
    assert not [c for c in page.caption if "this machine" in c.value]
    assert any("Nothing leaves this machine" in c.value for c in look(TEACHER).sidebar.caption)


def test_addresses_can_be_copied_as_they_stand(room, look):
    birds = collecting.begin(room, "birds", ("a", "b"))
    page = look(TEACHER, "classroom")
    page.button(key="show-large").click().run()
    joined = [code.value for code in page.code]
    page = look(TEACHER, "classroom")
    page.button(key=f"qr-{birds.token}").click().run()

    code = people.settings(room).join_code
    assert any(text.startswith("http") and text.endswith(f"/join?code={code}") for text in joined)
    assert any(code.value.endswith(f"/collect/{birds.token}") for code in page.code)


def test_names_in_a_list_to_choose_from_are_as_they_were_typed(room, look):
    birds = collecting.begin(room, "birds", ("a", "b"))
    collecting.take_in(room, birds, "ada_b (7)")
    page = look(TEACHER, "classroom")

    page.button(key=f"forget-{birds.token}").click().run()

    assert page.selectbox(key="whose").options == ["ada_b (7)"]


def test_the_class_is_wiped_only_for_its_code(room, ada, look):
    app = look(TEACHER, "classroom")
    app.button(key="wipe").click().run()
    assert people.everybody(room) == [ada]


def test_the_teacher_changes_what_all_and_what_one_may_take(room, ada, look):
    app = look(TEACHER, "classroom")

    app.number_input(key="limit-gigabytes-all").set_value(2.5)
    app.button(key="change-limits").click().run()

    assert allowances.of_all(room) == Quota(gigabytes=2.5)
    assert [act.verb for act in audit.read(room)] == [ActKind.JOIN, ActKind.QUOTA]
    script = f"from pages._teaching import limits\nlimits.draw_one({ada.id!r})"
    app = AppTest.from_string(script, default_timeout=60).run()
    assert app.number_input(key=f"limit-gigabytes-{ada.id}").placeholder == "as all: 2.5"
    app.number_input(key=f"limit-images-{ada.id}").set_value(0)
    app.button(key="change-one").click().run()
    assert allowances.of_one(room, people.find(room, ada.id)) == Quota(gigabytes=2.5, images=0)


def test_the_teacher_sees_all_links_and_takes_any_of_them_back(room, ada, look):
    ws = room.workspace(ada.id)
    run = make_run(ws, config=TrainConfig(dataset_id=make_dataset(ws, num=2).id, epochs=1))
    runs.rename(ws, run, "robins")
    hers, gone = links.make(room, ada, run), links.make(room, ada, "gone")
    links.make(room, people.find(room, TEACHER), "mine")

    app = look(TEACHER, "classroom")
    shown = " ".join(text.value for text in app.caption)
    assert "3 links show reports of runs" in shown
    assert "robins" in shown
    app.button(key=f"unlink-{hers.token}").click().run()

    assert links.of_run(room, ada, run) is None
    assert {link.token for link in links.standing(room)} >= {gone.token}
    assert not [b for b in app.button if b.key == f"unlink-{hers.token}"]


def test_pupils_and_one_person_alone_have_no_such_page(room, ada, look, monkeypatch):
    with pytest.raises(ValueError, match="navigation page"):
        look(ada.id, "classroom")

    monkeypatch.delenv(SWITCH)
    with pytest.raises(ValueError, match="navigation page"):
        look(ada.id, "classroom")


def test_photos_that_come_while_others_are_looked_at_are_not_accepted_unseen(room, look):
    birds = collecting.begin(room, "birds", ("robin", "wren"))
    ada = collecting.take_in(room, birds, "Ada")
    collecting.receive(room, birds, ada, "robin", b"\xff\xd8\xff 1")
    app = look(TEACHER, "classroom")
    collecting.receive(room, birds, ada, "wren", b"\xff\xd8\xff 2")

    app.run()
    accept = app.button(key=f"accept-{birds.token}")
    assert accept.label == "Accept 1 photo"
    assert any("These are photos of 1 person." in caption.value for caption in app.caption)

    app.button(key=f"looked-at-{birds.token}-new").click().run()
    assert app.button(key=f"accept-{birds.token}").label == "Accept 2 photos"


def test_who_has_all_data_sets_that_may_be_is_told_before_the_upload(room, ada, look):
    allowances.allow(room, {"free_gigabytes": 0, "datasets": 0})

    app = look(ada.id, "data")

    assert "You have 0 data sets" in " ".join(str(one.proto) for one in app.error)
    assert not app.get("bidi_component")
    assert not list(room.workspace(ada.id).staging.glob("*"))
    allowances.allow(room, {"datasets": 1})
    assert not look(ada.id, "data").error


def test_where_people_sign_in_no_code_is_shown_and_no_account_denied(room, ada, look, monkeypatch):
    monkeypatch.setenv(ACCOUNTS, "/settings.toml")
    code = people.settings(room).join_code

    app = look(TEACHER, "classroom")

    told = [element.value for element in (*app.caption, *app.code, *app.markdown)]
    assert "People open this address and sign in:" in told
    assert not [text for text in told if code in text]
    home = [element.value for element in look(ada.id).markdown]
    assert [text for text in home if "No code, no cloud." in text]
    assert not [text for text in home if "no account" in text]


def test_a_window_whose_sign_in_has_ended_says_so(room, ada, monkeypatch):
    monkeypatch.setenv(ACCOUNTS, "/settings.toml")
    key = access.secret(room.teacher.root)
    ended = access.sign_person(ada.id, key, sign_in="x", until=time.time() - 1)
    cookies = Cookies({access.PERSON_COOKIE: ended})
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: cookies))

    app = AppTest.from_file(str(MAIN), default_timeout=60).run()

    assert [info.value for info in app.info] == ["Load the page again to sign in."]
    assert not app.button
