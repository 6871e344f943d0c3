"""The evaluate room: was it carried out, what came after notices, and what changed in the jurisdiction."""
