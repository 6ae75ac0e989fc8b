"""What the Origin panel is made of: the tree, its rows, its formula and its history."""
