"""A drawing as a PDF of one page, as large as it is on screen; fonts are embedded."""

from __future__ import annotations

import re
from math import ceil
from xml.sax.saxutils import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF, QUuid
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from bpstudio.ui.pictures.drawing import Drawing

DPI = 96  # pixels of the screen in an inch
_POINT = 72 / DPI
_DATES = re.compile(rb"/(?:Creation|Mod)Date \(D:\d+Z?[^)]*\)")
_NAMESPACE = "b58d3bb6-2f6e-4c0c-9d24-6b1d8e5b5a0a"  # of the identities of pictures
_ABOUT = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{about}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def pdf_bytes(drawing: Drawing) -> bytes:
    """The page. It has no date, so that the same drawing gives the same bytes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _writer(drawing, buffer)
    with QPainter(writer) as painter:
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        # a page is a whole number of points
        painter.scale(writer.width() / drawing.width, writer.height() / drawing.height)
        drawing.paint(painter)
    return _DATES.sub(_blank, buffer.data().data())


def _writer(drawing: Drawing, buffer: QBuffer) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageSize(_page(drawing))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(drawing.title)
    writer.setCreator("bpstudio")
    about = f"{drawing.title}\n{drawing.about}"
    writer.setDocumentId(QUuid.createUuidV5(QUuid(_NAMESPACE), about.encode("utf-8")))
    told = _ABOUT.format(title=escape(drawing.title), about=escape(drawing.about))
    writer.setDocumentXmpMetadata(QByteArray(told.encode("utf-8")))
    return writer


def _page(drawing: Drawing) -> QPageSize:
    size = QSizeF(ceil(drawing.width * _POINT), ceil(drawing.height * _POINT))
    return QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)


def _blank(found: re.Match[bytes]) -> bytes:
    """As many spaces: the file's table of contents counts bytes."""
    return b" " * len(found[0])
