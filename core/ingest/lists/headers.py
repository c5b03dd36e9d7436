"""What people and programs call the columns of a list: the image, its class, its part."""

import re

from core import names

_KINDS = re.compile(
    r"(rasse|sorte|klasse|kategorie|gattung|类型|类别|种类|品种)$"
    r"|^(baum|tier|pflanzen|vogel|pilz|obst|fisch|insekten|holz|müll|abfall)art$"
)
_NOTE = re.compile(r"\s*[(（\[].*$")  # a unit, or what the classes are

FILE = {
    *("file", "filename", "file_name", "image", "image_name", "image_file", "img", "path", "id"),
    *("filepath", "file_path", "image_path", "image_id", "name", "img_name", "img_path", "photo"),
    *("picture", "images", "filenames", "imagename", "imageid", "id_code", "source_ref", "uri"),
    *("url", "image_url", "image_uri", "file_upload", "key", "image_filename"),
    *("bild", "bilder", "bildname", "bilddatei", "datei", "dateiname", "dateipfad", "pfad", "foto"),
    *("fichier", "nom_du_fichier", "nom_fichier", "chemin", "archivo", "imagen", "ruta"),
    *(
        "文件",
        "文件名",
        "文件名称",
        "图片",
        "图片名",
        "图片名称",
        "图片文件",
        "图像",
        "图像名",
        "图像名称",
    ),
    *(
        "图像文件",
        "照片",
        "路径",
        "文件路径",
        "图片路径",
        "图像路径",
        "名称",
        "编号",
        "檔案",
        "檔名",
        "圖片",
    ),
}
LABEL = {
    *("label", "class", "category", "labels", "class_name", "classname", "class_label", "classid"),
    *("class_id", "label_id", "label_name", "category_id", "category_name", "target", "species"),
    *("breed", "diagnosis", "dx", "finding_labels", "displayname", "display_name", "categories"),
    *("classes", "ground_truth", "groundtruth", "true_label", "labelname", "class_names"),
    *("klasse", "klassen", "klassenname", "kategorie", "etikett", "diagnose", "spezies"),
    *(
        "classe",
        "étiquette",
        "etiquette",
        "catégorie",
        "clase",
        "etiqueta",
        "categoría",
        "categoria",
    ),
    *(
        "标签",
        "类别",
        "分类",
        "类",
        "种类",
        "类别名称",
        "标注",
        "诊断",
        "物种",
        "類別",
        "標籤",
        "分類",
    ),
}
WEAK = {  # a class only where nothing else says one
    *(
        "choice",
        "choices",
        "annotation",
        "tag",
        "tags",
        "type",
        "kind",
        "group",
        "flags",
        "emotion",
    ),
    *(
        "attributes",
        "keywords",
        "disease",
        "variety",
        "common_name",
        "scientific_name",
        "befund",
        "art",
        "sorte",
        "gattung",
        "typ",
    ),
    *("gruppe", "bezeichnung", "tier", "pflanze", "baum", "blume", "vogel", "pilz", "insekt"),
    *("animal", "plant", "tree", "flower", "bird", "fruit", "insect", "object", "objekt"),
    *("类型", "品种", "组", "疾病", "动物", "植物", "水果", "花", "鸟"),
}
SPLIT = {
    *(
        "split",
        "set",
        "subset",
        "part",
        "partition",
        "dataset_type",
        "ml_use",
        "usage",
        "fold_type",
    ),
    *("data_set", "teil", "aufteilung", "datensatz", "数据集", "划分", "子集", "集合"),
}
INDEX = {"", "index", "unnamed:_0", "nr", "no", "#", "序号", "lfd_nr"}
SEVERAL = {"tags", "labels", "categories", "classes", "keywords", "attributes", "finding_labels"}
MEASURES = {
    *(
        "age",
        "weight",
        "temperature",
        "temp",
        "height",
        "length",
        "width",
        "size",
        "price",
        "score",
    ),
    *("rating", "distance", "depth", "area", "volume", "angle", "speed", "value", "year", "count"),
    *("bmi", "percent", "percentage", "humidity", "pressure", "ph", "amount", "mass", "duration"),
    *("alter", "gewicht", "temperatur", "höhe", "länge", "breite", "größe", "preis", "abstand"),
    *("wert", "jahr", "anzahl", "menge", "dauer", "feuchte", "note", "punkte", "fläche", "tiefe"),
    *(
        "年龄",
        "重量",
        "体重",
        "温度",
        "高度",
        "身高",
        "长度",
        "宽度",
        "大小",
        "价格",
        "分数",
        "得分",
        "评分",
    ),
    *("距离", "深度", "面积", "体积", "年份", "数量", "数值", "值", "时间", "湿度"),
}
SIDES = (
    *({"xmin", "ymin", "xmax", "ymax"}, {"x1", "y1", "x2", "y2"}, {"x", "y", "w", "h"}),
    *({"x", "y", "width", "height"}, {"left", "top", "width", "height"}, {"bbox"}),
    *({"x_min", "y_min", "x_max", "y_max"}, {"bbox_x", "bbox_y", "bbox_width", "bbox_height"}),
    {"left", "top", "right", "bottom"},
)


def plain(name: str) -> str:
    """Give what spellings of one name of a column have in common; of nested names, the last."""
    spelled = names.key(_NOTE.sub("", name).strip(" :*#.")).replace(" ", "_").replace("-", "_")
    return spelled.rpartition("/")[2].rpartition(".")[2] or spelled


def is_weak(name: str) -> bool:
    """Tell a column that may be the class: ``tree_species``, ``Hunderasse``, ``common_name``."""
    last = name.split("_")[-1]
    return name in WEAK or last in LABEL or bool(_KINDS.search(name))


def is_measure(name: str) -> bool:
    """Tell a column of measurements by a word in its name: ``age_in_years``, ``Gewicht (kg)``."""
    return plain(name) in MEASURES or not MEASURES.isdisjoint(plain(name).split("_"))


def is_foretold(name: str) -> bool:
    """Tell a column of what a network thinks, as Label Studio keeps beside what people say."""
    return "predict" in names.key(name)
