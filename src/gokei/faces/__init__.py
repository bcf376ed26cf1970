"""How people and programs reach a node: command line, REST API, web pages."""
