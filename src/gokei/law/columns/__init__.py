"""The law in columns: very many questions at once, with the same answers as one by one."""
