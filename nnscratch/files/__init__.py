"""The disk: files replaced whole or not at all, and `.npz` files checked before they are used."""
