"""What the settings of a run are called, on every page and in the terminal."""

from collections.abc import Mapping

from core.words import mark

SETTINGS: Mapping[str, str] = {
    "dataset_id": mark("Data set"),
    "dataset_version": mark("Version of the data set"),
    "task": mark("What is learned"),
    "left_out": mark("Classes left out"),
    "preset": mark("Dial"),
    "backbone": mark("Backbone"),
    "weights": mark("Weights to start from"),
    "freeze": mark("Frozen up to"),
    "image_size": mark("Image size"),
    "pooling": mark("Pooling"),
    "classifier": mark("Classifier on the features"),
    "hidden_units": mark("Hidden units"),
    "dropout": mark("Dropout"),
    "output": mark("Output"),
    "epochs": mark("Epochs for the head"),
    "fine_tune_epochs": mark("Epochs of fine-tuning"),
    "batch_size": mark("Batch size"),
    "learning_rate": mark("Learning rate of the head"),
    "fine_tune_learning_rate": mark("Learning rate of fine-tuning"),
    "layer_decay": mark("Learning rate kept per block"),
    "optimizer": mark("Optimizer"),
    "schedule": mark("Schedule"),
    "augmentation": mark("Augmentation"),
    "num_views": mark("Views of each image"),
    "flips": mark("Left and right may be swapped"),
    "class_weights": mark("Class weights"),
    "patience": mark("Patience"),
    "seed": mark("Seed"),
    "train_on": mark("Learns from"),
    "teacher": mark("Teacher network"),
    "teacher_share": mark("Share of the teacher"),
    "teacher_temperature": mark("Temperature of the teacher"),
}
