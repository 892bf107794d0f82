"""How a workbook of ours that nobody has saved since is known."""

from __future__ import annotations

import re

from aftale.office.package import BAD_PACKAGE, EPOCH, Parts

_OTHERS = ("docmetadata/", "docprops/custom")
"""Parts that labels and record systems put into a file without touching anything else in it."""
_OURS_ALONE = re.compile(rb"<dc:creator>([^<]*)</dc:creator>.*?<cp:lastModifiedBy>\1</cp:lastModifiedBy>", re.DOTALL)
"""The author that we write twice, also where it is the coordinator's word for it."""


def as_we_saved_it(data: bytes) -> bool:
    """Tell whether a workbook's bytes are those that we wrote: no other program leaves all of our traces."""
    try:
        parts = Parts(data)
        return (all(info.date_time == EPOCH.timetuple()[:6] for info in parts.infos.values())
                and not any(name.lower().startswith(_OTHERS) for name in parts.infos)
                and b"<AppVersion>12.0000</AppVersion>" in parts.read("docProps/app.xml")
                and _OURS_ALONE.search(parts.read("docProps/core.xml")) is not None)
    except BAD_PACKAGE:
        return False
