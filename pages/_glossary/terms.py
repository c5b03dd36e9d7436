"""The terms of the glossary, by name; the drawing of each lies in ``assets/glossary``."""

from collections.abc import Mapping

from pages._glossary import judging, network, numbers, training
from pages._glossary.term import Term

TERMS: Mapping[str, Term] = {
    term.name: term for term in (*network.TERMS, *training.TERMS, *judging.TERMS, *numbers.TERMS)
}
