"""What the panel about the changes of one parameter is made of."""
