"""Paths and names of pictures. The pictures themselves are never opened."""

from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="image_path",
    lettered=True,
    summary="The path, address or name of a picture.",
    canonical="Not kept in the clean table.",
    fits=lambda e: e.like(r".*\.(?:jpe?g|png|bmp|gif|tiff?|webp|heic)(?:\?[^\s]*)?"),
    alone=0.92,
    least=0.6,
    identifying=True,
    rivals=("url",),
)
