"""The formats of lists of labels: tables, workbooks, JSON, XML."""
