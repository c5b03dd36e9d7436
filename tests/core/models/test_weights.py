"""Weights are taken only when whole, fetched whole or not at all, and missed in plain words."""

import hashlib
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import h5py
import pytest

from core.errors import UserError
from core.models import weights
from core.models.catalog import BACKBONES, STARTER
from core.models.weights import OnDisk

MOBILENET = BACKBONES["MobileNetV2"]
RESNET = BACKBONES["ResNet50"]


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    folder = tmp_path / "keras" / "models"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def whole(tmp_path):
    """The bytes of a small weights file."""
    with h5py.File(tmp_path / "small.h5", "w") as file:
        file["kernel"] = list(range(500))
    return (tmp_path / "small.h5").read_bytes()


@pytest.fixture
def server():
    """A web server that answers every request with the bytes it was given."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.server.body)))
            self.end_headers()
            self.wfile.write(self.server.body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as running:
        running.body = b""
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def served(server, *, known_hash=""):
    """A backbone whose weights come from the test's own server."""
    url = f"http://127.0.0.1:{server.server_port}/resnet.h5"
    kind = "sha256" if known_hash else ""
    file = replace(RESNET.weights[0], url=url, hash=known_hash, hash_kind=kind)
    return replace(RESNET, weights=(file,))


def lay(models, backbone, image_size, data):
    path = models / backbone.weights_for(image_size).file
    path.write_bytes(data)
    return path


def test_the_folder_of_keras_is_used(models):
    assert weights.home() == models.parent


def test_a_whole_file_is_found(models, whole):
    path = lay(models, RESNET, 224, whole)

    assert weights.locate(RESNET, 224) == path
    assert weights.on_disk(RESNET, 64)


def test_nothing_is_found_where_nothing_lies(models):
    assert weights.locate(RESNET, 224) is None


@pytest.mark.parametrize("cut", [0, 7, 100, 2048, -1])
def test_a_file_that_was_cut_off_does_not_count(models, whole, cut):
    lay(models, RESNET, 224, whole[:cut])

    assert weights.locate(RESNET, 224) is None
    assert weights.listing(["ResNet50"])[0].state is OnDisk.CUT_OFF


@pytest.mark.parametrize("driver", ["earliest", "latest"])
def test_files_of_the_old_and_the_new_kind_count(models, tmp_path, driver):
    with h5py.File(tmp_path / "one.h5", "w", libver=driver) as file:
        file["kernel"] = list(range(100))
    data = (tmp_path / "one.h5").read_bytes()

    assert weights.locate(RESNET, 224) is None
    lay(models, RESNET, 224, data)
    assert weights.locate(RESNET, 224)
    lay(models, RESNET, 224, data[:-1])
    assert weights.locate(RESNET, 224) is None


def test_a_link_that_was_checked_out_as_text_is_followed(models, whole):
    target = lay(models, MOBILENET, 224, whole)
    lay(models, MOBILENET, 160, target.name.encode())

    assert weights.locate(MOBILENET, 160) == target


def test_a_text_that_is_no_link_does_not_count(models):
    lay(models, MOBILENET, 160, b"404: Not Found")

    assert weights.locate(MOBILENET, 160) is None


def test_an_unusual_size_takes_the_file_of_the_default_size_and_says_so(models, whole):
    path = lay(models, MOBILENET, 224, whole)

    assert weights.locate(MOBILENET, 100) == path
    assert "those for 224 pixels are used" in str(weights.note_on_size(MOBILENET, 100))
    assert weights.note_on_size(MOBILENET, 160) is None
    assert weights.note_on_size(RESNET, 100) is None


def test_missing_weights_name_the_file_the_folder_and_what_works_offline(models, whole):
    lay(models, MOBILENET, 224, whole)

    problem = weights.missing(RESNET, 224).render()

    assert "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5" in problem["what"]
    assert str(models) in problem["expected"]
    assert "weights fetch ResNet50" in problem["mend"]
    assert "MobileNetV2" in problem["mend"]


def test_weights_that_are_cut_off_are_said_to_be(models, whole):
    lay(models, RESNET, 224, whole[:100])

    assert "cut off" in str(weights.missing(RESNET, 224))


def test_the_listing_tells_how_every_file_is_held(models, whole):
    lay(models, MOBILENET, 160, whole)

    states = {row.image_size: row.state for row in weights.listing(["MobileNetV2"])}

    assert states == {
        **dict.fromkeys((96, 128, 192, 224), OnDisk.MISSING),
        160: OnDisk.WHOLE,
    }
    assert len(weights.listing()) == sum(len(b.weights) for b in BACKBONES.values())


def test_listing_an_unknown_backbone_names_the_nearest():
    with pytest.raises(UserError, match="Did you mean 'ResNet50'"):
        weights.listing(["resnet_50"])


def test_fetching_downloads_with_progress_and_says_nothing_on_standard_output(
    models, whole, server, capsys
):
    server.body, seen = whole, []

    path = weights.fetch(served(server), 224, lambda done, total: seen.append((done, total)))

    assert path.read_bytes() == whole
    assert seen[-1] == (len(whole), len(whole))
    assert [p.name for p in models.iterdir()] == [path.name]
    assert capsys.readouterr().out == ""


def test_fetching_makes_the_folder(models, whole, server):
    models.rmdir()
    server.body = whole

    assert weights.fetch(served(server), 224).parent == models


def test_what_is_there_is_not_fetched_again(models, whole):
    path = lay(models, RESNET, 224, whole)

    assert weights.fetch(RESNET, 224) == path


def test_a_file_that_was_cut_off_is_fetched_again(models, whole, server):
    lay(models, RESNET, 224, whole[:100])
    server.body = whole

    assert weights.fetch(served(server), 224).read_bytes() == whole


def test_a_known_hash_is_checked(models, whole, server):
    server.body = whole

    weights.fetch(served(server, known_hash=hashlib.sha256(whole).hexdigest()), 224)

    assert weights.locate(RESNET, 224)


@pytest.mark.parametrize("known_hash", ["", "0" * 64])
def test_a_damaged_download_leaves_nothing_behind(models, whole, server, known_hash):
    server.body = whole if known_hash else whole[:300]

    with pytest.raises(UserError, match="was damaged"):
        weights.fetch(served(server, known_hash=known_hash), 224)

    assert list(models.iterdir()) == []


def test_no_network_names_the_file_the_folder_and_what_works_offline(models):
    nowhere = replace(RESNET.weights[0], url="http://127.0.0.1:9/resnet.h5")

    with pytest.raises(UserError) as caught:
        weights.fetch(replace(RESNET, weights=(nowhere,)), 224)

    problem = caught.value.render()
    assert "resnet50" in problem["what"]
    assert str(models) in problem["expected"]
    assert "Without one: choose" in problem["mend"]
    assert list(models.iterdir()) == []


@pytest.mark.parametrize(
    "proxy", ["http://me:secret@127.0.0.1:9", "socks9://127.0.0.1:9", "127.0.0.1:9"]
)
def test_a_proxy_that_fails_is_named_without_its_password(models, monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    backbone = replace(
        MOBILENET,
        weights=(replace(MOBILENET.weights_for(224), url="https://weights.example/w.h5", hash=""),),
    )

    with pytest.raises(UserError) as refused:
        weights.fetch(backbone, 224)

    text = str(refused.value)
    assert "through the proxy 127.0.0.1:9." in text
    assert "lets weights.example through; this one is set by https_proxy" in text
    assert "secret" not in text
    assert list(models.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named(models, whole, server):
    models.rmdir()
    models.write_text("not a folder")
    server.body = whole

    with pytest.raises(UserError, match="cannot be written to"):
        weights.fetch(served(server), 224)


@pytest.mark.skipif(STARTER not in BACKBONES, reason="the starter's weights are not here")
def test_the_starter_is_always_here(models):
    path = weights.locate(BACKBONES[STARTER], 96)

    assert path is not None
    assert weights.listing([STARTER])[0].state is OnDisk.WHOLE
