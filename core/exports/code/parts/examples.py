"""Values as a run may have them: the code of a run has its own in their places"""

SOLVED_VIEWS, STRENGTH = 5, 0.001
SMALLEST_CROP, STRETCH, ROTATION = 0.65, 0.1, 12
BRIGHTNESS, CONTRAST, COLOUR, ERASED = 0.2, 0.2, 0.4, 0.15
HIDDEN_UNITS, DROPOUT = 64, 0.2
EPOCHS, RATE, PATIENCE = 10, 0.001, 3
FINE_TUNE_EPOCHS, FINE_TUNE_RATE, LAYER_DECAY = 6, 0.0001, 0.8
LAST_FROZEN = "block_15_add"
TEMPERATURE = 1.0
ORDER, TEACHER_SIZE = [1, 0], 224  # of a teacher
TUNER = None  # what fine-tunes
