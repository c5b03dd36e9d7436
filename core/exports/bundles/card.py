"""The card of a model as Markdown: what it is, what it can do and cannot, and how it was tried.

After Mitchell et al. (2019), "Model Cards for Model Reporting", as far as a run's files can tell.
In English, as those cards are read where models are shared.
"""

from collections.abc import Iterator, Mapping, Sequence

from core import durations
from core.exports.bundles import licences, metadata, scores_text
from core.exports.bundles.markdown import bullets, plain, table
from core.exports.bundles.run_facts import RunFacts
from core.insights import verdict
from core.judging import shares
from core.models import catalog
from core.models.catalog import CLASSIFIERS
from core.records import Export, Parity, Phase
from core.words import enumeration, render

_FEW = 20  # images of a class, below which its figures say little


def card_text(facts: RunFacts, parts: Sequence[Export], whole: Parity | None = None) -> str:
    """Write the card. ``parts``: the models that go with it, as they were tried.

    ``whole``: what was found when the bundle was opened as it is, by the first of them.
    """
    sections: Mapping[str, str] = {
        "Model": _model(facts),
        "Data": _data(facts),
        "How well it does": scores_text.scores(facts),
        "Class by class": scores_text.classes(facts),
        "Limits": bullets(list(_limits(facts))),
        "Licence": _licence(facts),
        "Tried before it was given away": scores_text.trials(parts, whole),
    }
    told = "".join(f"\n## {title}\n\n{inside}" for title, inside in sections.items() if inside)
    head = f"# Model card: {plain(facts.name)}\n\nAn image classifier made with Thaw by transfer "
    return f"---\n{metadata.header(facts, parts)}---\n\n{head}learning.\n{told}"


def _model(facts: RunFacts) -> str:
    card, config = facts.card, facts.card.config
    frozen = config.freeze if card.kept_phase == Phase.FINE_TUNE else "all"
    size = config.image_size
    rows = {
        "backbone": f"{plain(_backbone(facts))}, frozen up to: {plain(frozen)}",
        "pretrained weights": _weights(facts),
        "classifier": CLASSIFIERS[config.classifier].name,
        "input": f"{size} x {size} RGB pixels, 0 to 255; the preprocessing is inside the model",
        "output": "one probability per class, in the order of `labels.txt`"
        if config.output == "softmax"
        else "one number: the probability of the second class of `labels.txt`",
        "parameters": f"{card.num_parameters:,}, of which {card.num_trainable:,} were trained",
        "confidence": f"scaled by a temperature of {card.temperature:.3g}, inside the model"
        if card.temperature != 1
        else "as the model gives it, not rescaled",
        "made with": ", ".join(f"{library} {version}" for library, version in card.versions),
        "made": f"{durations.moment(card.created_at)}, run `{card.run_id}`",
    }
    return table(["", ""], [[key, value] for key, value in rows.items()]) + (
        "\nAll settings stand in `model.json`.\n"
    )


def _names(labels: Sequence[str]) -> str:
    return render(enumeration([plain(label) for label in labels]))


def _backbone(facts: RunFacts) -> str:
    """Name it as its owner does where it was brought."""
    name = facts.card.config.backbone
    known = catalog.known().get(name) if _is_own(facts) else None
    return f"{known.title if known else name}, brought by its owner" if _is_own(facts) else name


def _is_own(facts: RunFacts) -> bool:
    return facts.card.config.backbone.startswith(catalog.OWN)


def _weights(facts: RunFacts) -> str:
    card = facts.card
    if not card.weights_file:
        return "random"
    file = "those it came with" if _is_own(facts) else f"`{card.weights_file}`"
    return file + (f", SHA-256 `{card.weights_sha256}`" * bool(card.weights_sha256))


def _data(facts: RunFacts) -> str:
    card, config = facts.card, facts.card.config
    judged = f"{card.num_validation} images judged it" if card.validation else "none judged it"
    rows = {
        "data set": f"{plain(card.dataset_name)}, version {config.dataset_version}",
        "fingerprint": f"`{card.dataset_fingerprint}`",
        "images": f"learned from {card.num_train}; {judged} that it did not learn from",
        "classes": f"{len(card.labels)}: {_names(card.labels)}",
    }
    if facts.is_grouped:
        rows["split"] = "images that belong together lie on one side; intervals allow for that"
    if card.bands == "first":
        rows["pictures of many bands"] = "the first three are taken as red, green and blue"
    return table(["", ""], [[key, value] for key, value in rows.items()])


def _limits(facts: RunFacts) -> Iterator[str]:
    """Say what must not be expected of the model, each in a sentence or two."""
    yield from _of_unknown(facts)
    yield "Nothing is known of pictures that were taken otherwise than those of the data set."
    yield "A probability says how strongly the model leans to a class; it is no certainty."
    if few := _seldom(facts):
        yield (
            f"Fewer than {_FEW} images judged each of these classes, so their figures say little: "
            f"{_names(few)}."
        )
    for name, found in facts.compared.items():
        if not found.is_better:
            yield (
                "These images do not show that the model is better than this rule: "
                f"{verdict.RULES[name].lower()}."
            )


def _of_unknown(facts: RunFacts) -> Iterator[str]:
    rule = facts.unknown
    if rule is None or rule.threshold is None:
        yield "It names one of its classes for any picture, also for one that shows none of them."
        return
    refused = sum(lost for lost, _ in rule.refused)
    yield (
        "The script says of a picture that it is unlike anything it learned from where its cosine "
        f"to the nearest prototype in `unknown.npz` is below {rule.threshold:.3f}; of "
        f"{rule.num_images} images of its classes, each compared with others alone, that refused "
        f"{refused}. Other programs that use the model alone name a class for any picture."
    )
    for one in facts.junk.kinds if facts.junk else ():
        kind = f"the data set {plain(one.name)}" if one.name else _KINDS.get(one.kind, one.kind)
        yield (
            f"Shown {one.images} pictures of {kind}, it refused {one.refused} "
            f"({render(shares.span(one.low, one.high))})."
        )


_KINDS: Mapping[str, str] = {"noise": "noise", "flat": "one colour", "sample": "drawn shapes"}


def _seldom(facts: RunFacts) -> list[str]:
    """Name the classes that few images judged."""
    if facts.judged is None:
        return []
    pairs = zip(facts.judged.labels, facts.judged.classes, strict=True)
    return [label for label, one in pairs if one.images < _FEW]


def _licence(facts: RunFacts) -> str:
    """Say under which licence the weights came; that of the model is its user's to choose."""
    own = "The licence of this model is for whoever passes it on to choose; the pictures that it "
    own += "learned from may set terms.\n"
    card = facts.card
    if not card.weights_file:
        return own
    if _is_own(facts):
        return f"The backbone came with its weights, whose licence is not noted here. {own}"
    backbone = catalog.known().get(card.config.backbone)
    known = licences.licence_of(backbone) if backbone else ""
    told = f"came under {known}" if known else "came under a licence that is not noted here"
    return f"The pretrained weights (`{card.weights_file}`) {told}. {own}"
