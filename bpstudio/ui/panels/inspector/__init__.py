"""The inspector: every number of one thing of the network, and fields to change what is given."""
