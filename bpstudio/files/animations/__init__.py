"""Pictures that follow each other, into one file: WebP, GIF, and MP4 where an encoder is."""
