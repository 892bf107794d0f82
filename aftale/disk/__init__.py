"""The disk: one library to a module; what the rules decided is only read or drawn here."""
