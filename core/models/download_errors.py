"""Why a weights file could not be fetched, and what to do, in sentences."""

from pathlib import Path
from urllib.parse import urlsplit

from core.errors import UserError
from core.models import downloads
from core.models.catalog import WeightsFile
from core.words import Message, say


def explain(weights: WeightsFile, error: Exception, folder: Path, offline: Message) -> UserError:
    """Tell apart what the network, the disk and the bytes did; requests' errors are also OSErrors.

    Some of them, as for a proxy's address that is none, are ValueErrors as a wrong hash is.
    """
    from requests.exceptions import RequestException

    if isinstance(error, RequestException):
        proxy = downloads.proxy_of(weights.url)
        if proxy is not None:
            return _stopped_by(proxy, weights, folder, offline)
        return _unreachable(weights, folder, offline)
    if isinstance(error, OSError):
        return _unwritable(error, weights, folder, offline)
    return _damaged(weights)


def _damaged(weights: WeightsFile) -> UserError:
    return UserError(
        say("The download of {file} was damaged.", file=weights.file),
        expected=say("It should be a whole HDF5 file, as its maker published it."),
        mend=say("Try again, or with another network."),
    )


def _stopped_by(
    proxy: downloads.Proxy, weights: WeightsFile, folder: Path, offline: Message
) -> UserError:
    return UserError(
        say(
            "The weights file {file} could not be downloaded through the proxy {proxy}.",
            file=weights.file,
            proxy=proxy.address,
        ),
        expected=say(
            "A proxy that answers and lets {host} through; this one is set by {variable}.",
            host=urlsplit(weights.url).hostname or weights.url,
            variable=proxy.variable or say("the settings of the system"),
        ),
        mend=say(
            "Correct that setting, or put the file from {url} into {folder} yourself. "
            "Without: {offline}",
            url=weights.url,
            folder=str(folder),
            offline=offline,
        ),
    )


def _unreachable(weights: WeightsFile, folder: Path, offline: Message) -> UserError:
    return UserError(
        say("The weights file {file} could not be downloaded.", file=weights.file),
        expected=say(
            "It comes from {url}, or you put it into {folder} yourself.",
            url=weights.url,
            folder=str(folder),
        ),
        mend=say("Connect to a network. Without one: {offline}", offline=offline),
    )


def _unwritable(error: OSError, weights: WeightsFile, folder: Path, offline: Message) -> UserError:
    return UserError(
        say(
            "The folder {folder} cannot be written to ({reason}).",
            folder=str(folder),
            reason=error.strerror or str(error),
        ),
        expected=say(
            "{file} needs about {megabytes} MB there.",
            file=weights.file,
            megabytes=weights.megabytes,
        ),
        mend=say(
            "Make room, or set KERAS_HOME to a folder of your own. Without: {offline}",
            offline=offline,
        ),
    )
