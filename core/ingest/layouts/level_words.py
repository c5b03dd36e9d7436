"""What names of folders side by side are likely to be: classes, or where, when and how."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from core import names, natural
from core.ingest.layouts.parts import part_of
from core.words import Message, enumeration, nsay


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Of a place, a person, a time, a camera or a way of storing pictures: no classes, beside words of
# the second list. English, German and Chinese.
_AROUND = _set(
    """
    site sites location locations loc place hospital clinic klinik krankenhaus charite center
    centre zentrum school schule university universität uni college kindergarten kita lab labor
    laboratory station plot parzelle field feld farm hof orchard garden city stadt town village
    dorf country land region area zone district standort ort praxis werk halle factory line linie
    patient patients pat patientin subject subjects subj sub participant person persons proband
    user student students schüler schülerin child kind kid animal tier individual annotator rater
    writer author team camera cameras cam cams kamera scanner scan device gerät phone handy
    smartphone iphone android sensor microscope mikroskop webcam drone drohne gopro canon nikon
    sony samsung huawei xiaomi siemens philips zeiss leica olympus machine maschine session
    sessions sitzung run batch charge fold folds part chunk visit day tag date datum week woche
    month monat year jahr series serie sequence seq video clip take round trial experiment exp
    shot burst roll slide wafer lot tray plate reihe durchgang aufnahme spring summer autumn
    winter frühling frühjahr sommer herbst night morning noon afternoon evening dawn dusk nacht
    nachts tags morgens abends daytime nighttime january february march april june july august
    september october november december januar februar märz mai juni juli oktober dezember jan feb
    mar apr jun jul aug sep sept oct nov dec okt dez monday tuesday wednesday thursday friday
    saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag left right front
    rear back side links rechts vorne hinten vorn seitlich view views raw original originals orig
    color colour colors colours colored grayscale greyscale gray grey bw rgb segmented cropped
    crop crops resized augmented augmentation aug processed preprocessed unprocessed filtered
    enhanced denoised thermal infrared ir nir visible depth uv flash farbe farbig grau graustufen
    schwarzweiß roh bearbeitet zugeschnitten segmentiert indoor outdoor indoors outdoors drinnen
    draußen innen außen copy kopie backup jpg jpeg png bmp tif tiff anna ben lena lisa tom tim
    paul emma mia leon lukas marie sophie julia peter thomas michael maria laura sarah david
    daniel alex alice bob carol charlie dave john jane mary james robert linda susan mike chris
    kevin jonas felix finn elias noah hannah klaus hans jürgen heidi greta fritz wei fang xiaoming
    li wang zhang liu chen zhao huang zhou 站点 地点 位置 医院 学校 诊所 城市 农场 果园 样地
    实验室 病人 患者 学生 同学 用户 志愿者 相机 摄像头 摄像机 手机 设备 扫描仪 批次 日期 视频 春
    夏 秋 冬 春天 夏天 秋天 冬天 春季 夏季 秋季 冬季 左 右 左侧 右侧 正面 侧面 背面 白天 夜晚 夜间
    晚上 早上 上午 下午 彩色 灰度 黑白 原图 原始 分割 裁剪 增强 红外 室内 室外 小明 小红 小华 小丽
    张三 李四 王五 副本 班 组 第
    """
)
# Of these, the ways to show or to store one photograph.
VERSIONS = _set(
    """
    raw original originals orig color colour colors colours colored grayscale greyscale gray grey
    bw rgb segmented cropped crop crops resized augmented augmentation aug processed preprocessed
    unprocessed filtered enhanced denoised thermal infrared ir nir visible depth farbe farbig grau
    graustufen schwarzweiß roh bearbeitet zugeschnitten segmentiert 彩色 灰度 黑白 原图 原始 分割
    裁剪 增强 红外
    """
)
# Of what pictures show.
_CLASSES = _set(
    """
    healthy sick ill unhealthy diseased disease infected uninfected normal abnormal anormal
    pneumonia covid tumor tumour glioma meningioma pituitary cancer cancerous benign malignant
    carcinoma melanoma nevus positive negative pos neg good bad ok nok ng pass passed fail failed
    defect defective defects broken intact damaged undamaged crack cracked scratch scratched fresh
    rotten stale ripe unripe overripe yes true false real fake spoof live open opened closed empty
    full occupied clean dirty happy sad angry neutral fear disgust surprise male female man woman
    men women boy girl cat cats dog dogs bird birds horse cow sheep pig fish insect bee butterfly
    apple apples banana bananas orange tomato potato grape corn maize wheat rice car cars bus
    truck bike bicycle plane airplane ship flower flowers tree rose daisy tulip sunflower
    dandelion plastic paper glass metal cardboard trash garbage organic recyclable rock scissors
    mild moderate severe demented rust blight mildew scab spot mold weed weeds adult juvenile
    larva queen worker smile smiling deer fox boar gesund krank gut schlecht reif unreif überreif
    faul frisch defekt heil ganz io nio kaputt ja nein offen geschlossen leer voll belegt frei
    sauber schmutzig männlich weiblich hund hunde katze katzen vogel apfel äpfel birne birnen
    banane bananen befallen schädling unkraut gutartig bösartig auffällig unauffällig reh fuchs
    wildschwein sain malade sano enfermo bueno malo maduro verde 健康 患病 生病 疾病 病害 正常
    异常 肺炎 肿瘤 好 坏 良品 不良 不良品 次品 合格 不合格 缺陷 良性 恶性 阳性 阴性 成熟 未成熟
    新鲜 腐烂 猫 狗 鸟 鱼 苹果 香蕉 番茄 男 女 开 关 空 满 是 否 开心 难过 无病 有病
    """
)
_KINDS = _set(
    """
    image images img imgs photo photos picture pictures bild bilder foto fotos data file files jpg
    png mask masks label labels annotation annotations segmentation segmentations groundtruth
    truth ground gt seg xml txt json bbox bboxes thumbnail thumbnails 图片 图像 照片 掩码 标签
    标注
    """
)
NEGATION = _set("no not non without with none ohne mit kein keine nicht 无 非")
_SETS = _set("set dataset datasets version versions")
_UNSORTED = _set(
    """
    nolabel nolabels unlabeled unlabelled unlabel notlabeled notlabelled untagged unsorted
    unannotated unclassified tosort unsortiert unsortierte nichtsortiert unbeschriftet ohnelabel
    unzugeordnet nichtzugeordnet 未标注 未标记 未分类 无标签 待分类 待标注
    """
)
MASKS = _set(
    """
    mask masks maske masken label labels labelids annotation annotations anno segmentation
    segmentations seg segm groundtruth gt trimap trimaps matte 掩码 掩膜 标注
    """
)
_GRADES = _set("class grade stage type level score category klasse stufe typ grad cls 类")
_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_DATE = re.compile(
    r"(19|20)\d\d([-_. ]?[01]?\d([-_. ]?[0-3]?\d)?)?|[0-3]?\d[-_.][01]?\d[-_.](\d\d)?\d\d"
)
_ENUMERATED = re.compile(r"(.*?)[\s_.#-]*(\d+[a-z]?|[a-z]|[ivx]+)", re.IGNORECASE)
_MAGNIFIED = re.compile(r"\d+x", re.IGNORECASE)
_HEX = re.compile(r"(?=.*\d)[0-9a-f]{8,}", re.IGNORECASE)
_LONG = 3  # digits of an id
_SHOWN = 5  # folders that are named of each level


def class_likelihood(folders: Collection[str]) -> float:
    """Tell how much folders side by side look like classes: 1, or -1 like something around them."""
    marks = Counter(_mark(name) for name in folders)
    known = {word for name in folders for word in words(name)}
    if marks["class"] * 2 > len(folders) or (known & NEGATION and len(folders) < 4):
        return 1.0
    if 2 * marks["around"] > len(folders):
        return -1.0
    return -0.5 if _are_ids(folders) else 0.0


def say_nothing(folders: Collection[str]) -> bool:
    """Tell folders that merely sort files by kind: ``images`` and ``masks``."""
    return all(found and set(found) <= _KINDS for found in map(words, folders))


@lru_cache(maxsize=4096)  # folders are few, and asked about for every image
def is_version(folder: str) -> bool:
    """Tell a folder of one way to show photographs: ``grayscale``, ``segmented_images``."""
    found = words(folder)
    return not VERSIONS.isdisjoint(found) and {*found} <= VERSIONS | _KINDS | _SETS


def are_masks(folder: str) -> bool:
    """Tell a folder of masks by its name."""
    found = words(folder)
    kinds = [word for word in found if word in _KINDS or part_of(word)]
    return bool(found) and not MASKS.isdisjoint(found) and {*found} <= {*kinds, *MASKS}


def are_without_masks(folder: str) -> bool:
    """Tell a class of what wears no mask."""
    found = {*words(folder)}
    without = not NEGATION.isdisjoint(found) and not MASKS.isdisjoint(found)
    return without or bool(found & {"nomask", "unmasked", "withoutmask"})


def is_unsorted(folder: str) -> bool:
    """Tell a folder of images that nobody gave a class: ``no_label``, ``Unlabeled``."""
    found = [word for word in words(folder) if word not in _KINDS - MASKS]
    return "".join(found) in _UNSORTED


def words(name: str) -> list[str]:
    """Give the words of a name: ``SiteA_2`` has ``site`` and ``a``."""
    return [names.key(word) for word in _WORD.findall(_CAMEL.sub(" ", name))]


def _mark(name: str) -> str:
    found, whole = set(words(name)), names.key(name.strip())
    if found & _CLASSES or whole in _CLASSES:
        return "class"
    if found & _AROUND or _DATE.fullmatch(whole) or _MAGNIFIED.fullmatch(whole):
        return "around"
    return "around" if _holds_chinese(whole, _AROUND) else ""


def _holds_chinese(name: str, known: Collection[str]) -> bool:
    """Look for words in a text that has no spaces: those of two characters and more."""
    return not name.isascii() and any(len(w) > 1 and w in name for w in known if not w.isascii())


def _are_ids(folders: Collection[str]) -> bool:
    """Tell ids from grades and digits: ``P01``, ``box 3``, ``10482``; not ``grade_2``, ``7``."""
    keys = [names.key(name.strip()) for name in folders]
    if all(key.isdecimal() for key in keys):
        return _are_long(keys)
    if all(_HEX.fullmatch(key) for key in keys):
        return True
    found = [_ENUMERATED.fullmatch(key) for key in keys]
    stems = {match[1] if match else key for match, key in zip(found, keys, strict=True)}
    return None not in found and len(stems) == 1 and not (_GRADES | {""}) & stems


def _are_long(numbers: Sequence[str]) -> bool:
    """Tell numbers of persons or things from digits and classes that are counted."""
    values = sorted(int(number) for number in numbers)
    counted = values[0] in (0, 1) and values[-1] - values[0] < 2 * len(values)
    return not counted and max(map(len, numbers)) >= _LONG


def named(counts: Counter[str]) -> Message:
    """List folders, the first few of many."""
    shown = sorted(counts, key=natural.sort_key)[:_SHOWN]
    return enumeration([*shown, *["…"] * (len(counts) > len(shown))])


def counted(counts: Counter[str]) -> Message:
    """List classes with their counts, the first few of many."""
    shown = sorted(counts, key=natural.sort_key)[:_SHOWN]
    more = ["…"] * (len(counts) > len(shown))
    return nsay(
        "{num} class: {listed}",
        "{num} classes: {listed}",
        num=len(counts),
        listed=enumeration([*(f"{name} {counts[name]}" for name in shown), *more]),
    )
