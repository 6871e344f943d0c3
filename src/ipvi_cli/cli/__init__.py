"""The door: parse options, call the pipeline, print. No analysis here."""
