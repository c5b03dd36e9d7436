"""What a release needs beyond `make test`: `python run.py release`.

Every text is there in every language. A contributor need not speak them all, so `make test` does
not ask for it.
"""

import sys

from tools import words


def main() -> int:
    """List what is left to do, language by language; 1 if there is anything."""
    left = {language: problems(language) for language in words.LANGUAGES}
    for language, found in left.items():
        print(f"{language}: {len(found)} texts to look at")
        for problem in found:
            print(f"  {problem}")
    if any(left.values()):
        print(
            "Run 'python run.py words', then translate these in core/locale/LANGUAGE/.../thaw.po."
        )
    return 1 if any(left.values()) else 0


def problems(language: str) -> list[str]:
    """Say what is wrong with a language's texts."""
    now, kept = words.updated(language), words.read(language)
    needed = {message.id for message in now if message.id}
    over = [message.id for message in kept if message.id and message.id not in needed]
    return [
        *(f"to translate: {words.shown(text)}" for text in words.untranslated(now)),
        *(f"not the values of its text: {words.shown(text)}" for text in words.mistranslated(now)),
        *(f"no longer used: {words.shown(text)}" for text in over),
    ]


if __name__ == "__main__":
    sys.exit(main())
