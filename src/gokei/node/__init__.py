"""The only floor with input and output: storage, clock, network, keys and the commands that tie floors together."""
