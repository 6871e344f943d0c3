"""The commands, one file each; a file here is a command of the same name."""
