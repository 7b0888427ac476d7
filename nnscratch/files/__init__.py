"""Files: replaced atomically, and `.npz` archives that are verified before they are used."""
