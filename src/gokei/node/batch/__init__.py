"""Files with very many questions: read, answered by one engine or another, and written beside their answers."""
