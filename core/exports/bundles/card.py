"""The card of a model as Markdown: what it is, what it can do and cannot, and how it was tried.

After Mitchell et al. (2019), "Model Cards for Model Reporting", as far as a run's files can tell.
In English, as those cards are read where models are shared.
"""

from collections.abc import Mapping, Sequence

from core import durations
from core.exports.bundles import class_card, licences, metadata, number_card, scores_text
from core.exports.bundles.card_texts import CardTexts
from core.exports.bundles.markdown import bullets, plain, table
from core.exports.bundles.run_facts import RunFacts
from core.models import catalog
from core.records import Export, Parity, Phase
from core.records.choices import CLASSIFICATION, REGRESSION

TEXTS: Mapping[str, CardTexts] = {CLASSIFICATION: class_card.TEXTS, REGRESSION: number_card.TEXTS}


def card_text(facts: RunFacts, parts: Sequence[Export], whole: Parity | None = None) -> str:
    """Write the card. ``parts``: the models that go with it, as they were tried.

    ``whole``: what was found when the bundle was opened as it is, by the first of them.
    """
    texts = TEXTS[facts.card.task.name]
    sections: Mapping[str, str] = {
        "Model": _model(facts, texts),
        "Data": _data(facts, texts),
        "How well it does": texts.scores(facts),
        "Class by class": texts.classes(facts),
        "Limits": bullets(list(texts.limits(facts))),
        "Licence": _licence(facts),
        "Tried before it was given away": scores_text.trials(
            parts, whole, texts.compared(facts), texts.explained
        ),
    }
    told = "".join(f"\n## {title}\n\n{inside}" for title, inside in sections.items() if inside)
    head = f"# Model card: {plain(facts.name)}\n\n{texts.what(facts)} made with Thaw by transfer "
    return f"---\n{metadata.header(facts, parts)}---\n\n{head}learning.\n{told}"


def _model(facts: RunFacts, texts: CardTexts) -> str:
    card, config = facts.card, facts.card.config
    frozen = config.freeze if card.kept_phase == Phase.FINE_TUNE else "all"
    size = config.image_size
    rows = {
        "backbone": f"{plain(_backbone(facts))}, frozen up to: {plain(frozen)}",
        "pretrained weights": _weights(facts),
        "input": f"{size} x {size} RGB pixels, 0 to 255; the preprocessing is inside the model",
        **texts.output(facts),
        "parameters": f"{card.num_parameters:,}, of which {card.num_trainable:,} were trained",
        "made with": ", ".join(f"{library} {version}" for library, version in card.versions),
        "made": f"{durations.moment(card.created_at)}, run `{card.run_id}`",
    }
    return table(["", ""], [[key, value] for key, value in rows.items()]) + (
        "\nAll settings stand in `model.json`.\n"
    )


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


def _data(facts: RunFacts, texts: CardTexts) -> str:
    card, config = facts.card, facts.card.config
    count = "1 image" if card.num_validation == 1 else f"{card.num_validation} images"
    judged = f"{count} judged it" if card.num_validation else "none judged it"
    rows = {
        "data set": f"{plain(card.dataset_name)}, version {config.dataset_version}",
        "fingerprint": f"`{card.dataset_fingerprint}`",
        "images": f"learned from {card.num_train}; {judged} that it did not learn from",
        **texts.answers(facts),
    }
    if facts.is_grouped:
        rows["split"] = "images that belong together lie on one side; intervals allow for that"
    if card.bands == "first":
        rows["pictures of many bands"] = "the first three are taken as red, green and blue"
    return table(["", ""], [[key, value] for key, value in rows.items()])


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
