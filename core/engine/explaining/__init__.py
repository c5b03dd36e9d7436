"""Where in a picture a class was seen: exact class activation maps, and occlusion."""
