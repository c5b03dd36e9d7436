"""The engine: the only package that imports TensorFlow, Keras or OpenVINO."""
