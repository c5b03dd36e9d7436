"""Words for what there may be several photographs of: a patient, an animal, a slide, a place."""

import re

from core import names

_THINGS = {
    *("lesion", "patient", "subject", "subj", "animal", "individual", "slide", "site", "camera"),
    *("cam", "video", "vid", "clip", "scene", "session", "specimen", "plant", "tree", "person"),
    *("participant", "donor", "case", "study", "series", "sequence", "seq", "burst", "event"),
    *("location", "station", "deployment", "plot", "mouse", "visit", "observation", "observer"),
    *("photographer", "occurrence", "track", "biopsy", "sample", "film", "album", "object"),
    *("läsion", "laesion", "patientin", "patienten", "tier", "individuum", "objektträger"),
    *("objekttraeger", "präparat", "praeparat", "standort", "ort", "kamera", "szene", "sitzung"),
    *("pflanze", "baum", "probe", "proband", "probanden", "teilnehmer", "teilnehmerin", "fall"),
    *("versuchsperson", "versuchstier", "aufnahmeort", "serie", "objekt", "schnitt"),
}
_CHINESE = (
    *(
        "受试者",
        "参与者",
        "摄像头",
        "摄像机",
        "患者",
        "病人",
        "病例",
        "被试",
        "动物",
        "个体",
        "病灶",
    ),
    *(
        "病变",
        "切片",
        "玻片",
        "地点",
        "站点",
        "相机",
        "视频",
        "场景",
        "序列",
        "植株",
        "植物",
        "标本",
    ),
    *("样本", "人员", "人物", "轨迹"),
)
_NUMBERING = {
    *("", "id", "ids", "no", "nr", "num", "number", "code", "key", "uid", "uuid", "guid", "index"),
    *("idx", "name", "nummer", "kennung", "编号", "号", "号码", "序号", "名称", "名", "标识"),
}
_BETWEEN = re.compile(r"[\s_.#-]+")
_HUMPS = re.compile(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])")
_IN_NAME = re.compile(r"([^\W\d_]+)([ _.-]?)(?:[a-z]?\d+|[a-z](?=[ _.-]))")
_CHINESE_IN_NAME = re.compile(rf"({'|'.join(_CHINESE)})([ _.-]?)[a-z]?\d+")


def is_identity(column: str) -> bool:
    """Tell a column such as ``patient_id`` or ``LesionID`` from ``patient_age``."""
    words = [names.key(word) for word in _BETWEEN.split(_HUMPS.sub(" ", column.strip()))]
    rest = [word for word in words if word not in _NUMBERING]
    if len(words) > 1 and words[0] in ("num", "number", "no", "nr"):
        return False  # a count
    return len(rest) == 1 and _is_thing(rest[0])


def _is_thing(word: str) -> bool:
    if word in _THINGS or (word.endswith("s") and word[:-1] in _THINGS):
        return True
    if any(word.removeprefix(thing) in _NUMBERING for thing in _CHINESE):
        return True
    endings = (e for e in _NUMBERING if e and word.endswith(e))
    return any(word.removesuffix(e) in _THINGS for e in endings)


def in_name(stem: str) -> tuple[str, str, bool]:
    """Find such a word with its number in a name: the word, what is between, whether in front.

    ``patient03_001`` -> ``("patient", "", True)``; nothing found: three times nothing.
    """
    found = _CHINESE_IN_NAME.search(stem)
    for word in (found,) if found else _IN_NAME.finditer(stem):
        if word and (found or word[1] in _THINGS):
            return word[1], word[2], word.start() == 0
    return "", "", False
