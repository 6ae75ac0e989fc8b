"""The network as a picture: what is drawn follows from one `CanvasState`."""
