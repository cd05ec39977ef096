"""Other engines, one script each, run by the interpreter they are installed for."""
