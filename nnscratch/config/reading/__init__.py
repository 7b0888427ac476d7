"""From files and KEY=VALUE to a `Config`, or to everything that is wrong with them."""
