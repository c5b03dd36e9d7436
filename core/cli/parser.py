"""Which commands there are and what each takes."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from core.cli import (
    catalogue,
    comparing,
    data,
    evaluating,
    explaining,
    models,
    predicting,
    studies,
    training,
    trashing,
)
from core.cli.arguments import Parser
from core.cli.classes import lesson, members, serving
from core.cli.exports import model_serving
from core.cli.keeping import backups
from core.cli.own import brought as owning
from core.cli.writing import mapping, reporting
from core.words import mark, translate
from core.workspace import default_root

Command = Callable[..., bool]


def parse(arguments: Sequence[str], language: str) -> argparse.Namespace:
    """Turn the words of a command line into options with the function to call."""
    return build(language).parse_args(arguments)


def build(language: str) -> Parser:
    """Make the parser of all commands, which explains itself in that language."""
    description = translate(DESCRIPTION, language)
    parser = Parser(prog="python -m core", description=description, language=language)
    what = translate(mark("what to do; 'python -m core COMMAND --help' tells more"), language)
    commands = parser.add_subparsers(dest="name", required=True, metavar="COMMAND", help=what)
    for name, text, command, add in COMMANDS:
        sentence = translate(text, language)
        sub = commands.add_parser(name, help=sentence, description=sentence, language=language)
        add(sub)
        _add_common(sub)
        sub.set_defaults(command=command)
    return parser


def _add_common(sub: Parser) -> None:
    sub.add_argument(
        "--workspace",
        type=Path,
        default=default_root(),
        metavar="DIR",
        help=mark("folder of data sets and runs (default: $THAW_HOME, ~/.thaw)"),
    )
    as_json = mark("print one JSON object on standard output")
    sub.add_argument("--json", action="store_true", help=as_json)


DESCRIPTION = mark("Fine-tune image models: the whole of Thaw without a browser.")

COMMANDS: tuple[tuple[str, str, Command, Callable[[Parser], None]], ...] = (
    ("sample", mark("draw the sample data set into a folder"), data.sample, data.add_sample),
    (
        "ingest",
        mark("bring a folder or archive of labelled images in"),
        data.ingest,
        data.add_ingest,
    ),
    ("datasets", mark("list the data sets"), data.list_datasets, data.add_nothing),
    (
        "delete-dataset",
        mark("move a data set into the trash"),
        data.delete_dataset,
        data.add_delete_dataset,
    ),
    ("train", mark("train a model and wait for it"), training.train, training.add_train),
    (
        "resume",
        mark("go on with a run that was cut off or failed"),
        training.resume,
        training.add_run,
    ),
    (
        "refit",
        mark("train as a run did, on its validation images too"),
        training.refit,
        training.add_run,
    ),
    ("runs", mark("list the runs"), training.list_runs, data.add_nothing),
    ("rename", mark("give a run a name"), training.rename, training.add_rename),
    ("stop", mark("end a run and keep its model so far"), training.stop, training.add_run),
    ("delete", mark("move a run into the trash"), training.delete_run, training.add_delete),
    (
        "trash",
        mark("list what was deleted, put it back, or delete it for good"),
        trashing.trash_command,
        trashing.add_trash,
    ),
    (
        "predict",
        mark("name what is in images, or in folders of them"),
        predicting.predict,
        predicting.add_predict,
    ),
    (
        "explain",
        mark("show where in an image a model sees a class"),
        explaining.explain,
        explaining.add_explain,
    ),
    ("test", mark("judge a model on the test part"), models.test, training.add_run),
    (
        "compare",
        mark("set two runs side by side, image by image"),
        comparing.compare,
        comparing.add_compare,
    ),
    (
        "study",
        mark("find out on your images what freezing does, and what to choose"),
        studies.study,
        studies.add_study,
    ),
    (
        "evaluate",
        mark("show what a model can do, class by class, and where it fails"),
        evaluating.evaluate,
        evaluating.add_evaluate,
    ),
    (
        "report",
        mark("write a run's report, one HTML file for screen and paper"),
        reporting.write_report,
        reporting.add_report,
    ),
    (
        "map",
        mark("write where a run's images lie on a map: those that look alike side by side"),
        mapping.write_map,
        mapping.add_map,
    ),
    ("export", mark("write a run's model to a file"), models.export, models.add_export),
    (
        "export-setup",
        mark("install what exports need beyond Thaw's own libraries"),
        models.export_setup,
        models.add_export_setup,
    ),
    (
        "serve-model",
        mark("answer photos that other programs send, by a run's model"),
        model_serving.serve_model,
        model_serving.add_serve_model,
    ),
    (
        "backbones",
        mark("list the backbones, or the blocks of some"),
        catalogue.backbones,
        catalogue.add_backbones,
    ),
    (
        "delete-backbone",
        mark("move a backbone that you brought into the trash"),
        owning.delete,
        owning.add_delete,
    ),
    ("weights", mark("list or fetch pretrained weights"), catalogue.weights, catalogue.add_weights),
    (
        "serve",
        mark("start the app in the browser, also for a class"),
        serving.serve,
        serving.add_serve,
    ),
    (
        "people",
        mark("list who is in the class, give a new code, take one out, or say what each may take"),
        members.people_command,
        members.add_people,
    ),
    (
        "class",
        mark("hand out, pause, collect results and end the lesson of a class"),
        lesson.class_command,
        lesson.add_class,
    ),
    (
        "backup",
        mark("write all of the workspace into one ZIP, while people work"),
        backups.backup,
        backups.add_backup,
    ),
    (
        "restore",
        mark("make a workspace of a backup, where there is none"),
        backups.restore,
        backups.add_restore,
    ),
    ("demo", mark("go the whole way on the sample"), models.demo, models.add_demo),
)
