"""Addresses of pages and files on the web."""

from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="url",
    lettered=True,
    summary="An address on the web.",
    canonical="Not kept in the clean table.",
    fits=lambda e: e.like(r"(?:(?:https?|ftp|rtsp|rtmp)://|www\.)[^\s]+"),
    alone=0.93,
    identifying=True,
    rivals=("image_path",),
)
