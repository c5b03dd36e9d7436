"""From a folder, an archive or single files to a data set: a process with a pool of decoders."""
