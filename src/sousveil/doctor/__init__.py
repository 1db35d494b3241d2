"""`sousveil doctor`: what of this machine and of a case is right and wrong, and what to do next."""
