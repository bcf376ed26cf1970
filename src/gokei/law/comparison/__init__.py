"""Two states of the law held against each other: every class of question whose answer differs, as few cubes."""
