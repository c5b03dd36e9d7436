"""What is asked of the server in a class: by its teacher, by links, by phones."""
