"""What openpyxl would lose from a workbook: loaded, saved to memory and compared part by part."""

from __future__ import annotations

import re
from collections import Counter

from aftale.office.openpyxl_book import open_book, save_book
from aftale.office.package import owners_of_parts, read_parts, relations, source_of
from aftale.office.usual_layout import usual_bytes

_COUNTED = re.compile(rb"<(?:\w+:)?(sp|cxnSp|grpSp|pic|graphicFrame|cfRule|dataValidation|protectedRange|picture"
                      rb"|control|legacyDrawingHF|oleObject|hlinkClick|hyperlink|contentPart|scenario"
                      rb"|customSheetView)[\s/>]")
_EXTENSION = re.compile(rb'<(?:\w+:)?ext\b[^>]*?\buri="([^"]+)"')
_FORM_CONTROL = re.compile(rb'ObjectType="(?!Note")(\w+)"')
_NAMED = re.compile(rb'<(?:\w+:)?definedName (?![^>]*name="_xlnm)')

_BUTTON, _SLICER = "Knap eller andet kontrolelement", "Udsnitsværktøj eller tidslinje"
_BARS = "Databjælker eller ikoner"
_SMART, _DYNAMIC, _LINKED = "SmartArt", "Dynamiske matrixformler og datatyper", "Link på en figur eller et billede"
_LOST = {
    "sp": "Tekstboks eller figur", "cxnSp": "Streg eller pil", "grpSp": "Grupperede figurer", "pic": "Billede",
    "graphicFrame": "Diagram eller anden grafik", "cfRule": "Betinget formatering", "dataValidation": "Datavalidering",
    "protectedRange": "Områder, som kun bestemte personer må redigere", "picture": "Baggrundsbillede",
    "legacyDrawingHF": "Billede i sidehoved eller sidefod", "control": _BUTTON, "form control": _BUTTON,
    "ctrlProp": _BUTTON, "oleObject": "Indlejret objekt", "package": "Indlejret objekt", "hlinkClick": _LINKED,
    "hyperlink": "Link", "contentPart": "Håndskrift", "scenario": "Scenarier", "definedName": "Navne på områder",
    "customSheetView": "Brugerdefinerede visninger", "threadedComment": "Trådede kommentarer",
    "vbaProject": "VBA-makroer", "vbaProjectSignature": "VBA-makroer", "classificationlabels": "Følsomhedsmærkat",
    "slicer": _SLICER, "slicerCache": _SLICER, "timeline": _SLICER, "timelineCache": _SLICER,
    "diagramData": _SMART, "diagramLayout": _SMART, "diagramQuickStyle": _SMART, "diagramColors": _SMART,
    "diagramDrawing": _SMART, "chartUserShapes": "Tegning oven på et diagram", "chartEx": "Diagram af nyere type",
    "queryTable": "Dataforbindelse", "connections": "Dataforbindelse", "sheetMetadata": _DYNAMIC,
    "extensibility": "Egne knapper på båndet", "webextensiontaskpanes": "Tilføjelsesprogram",
    "origin": "Digital signatur", "xmlMaps": "XML-tilknytning", "tableSingleCells": "XML-tilknytning",
    "{05C60535-1F16-4FD2-B633-F4F36F0B64E0}": "Minidiagrammer (sparklines)",
    "{78C0D931-6437-407D-A8EE-F0AAD7539E65}": _BARS, "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}": _BARS,
    "{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}": "Datavalidering, der henter sin liste direkte på et andet ark",
    "{01252117-D84E-4E92-8308-4BE1C098FCBB}": "Områder, som kun bestemte personer må redigere",
    "{A8765BA9-456A-4DAB-B4F3-ACF838C121DE}": _SLICER, "{3A4CF648-6AED-40F4-86FF-DC5316D8AED3}": _SLICER,
    "{7E03D99C-DC04-49D9-9315-930204A7B6E9}": _SLICER, "{BBE1A952-AA13-448E-AADC-164F8A28A991}": _SLICER,
    "{46BE6895-7355-4A93-B00E-2C351335B9C9}": _SLICER, "{D0CA8CA8-9F24-4464-BF8E-62219DCF47F9}": _SLICER,
    "{96DAC541-7B7A-43D3-8B79-37D633B846F1}": "Billedes SVG-udgave (en PNG-udgave bliver stående)",
    "{504A1905-F514-4F6F-8877-14C23A59335A}": "Alternativ tekst på en tabel",
}
"""What each kind of content that can get lost is called in Danish."""

# Nobody sees or misses these. Excel rebuilds the calculation chain and the shared strings; printer settings belong to
# one computer's driver (paper, margins and orientation stand in the sheet itself); persons are known through their
# comments, pictures through their frames; a chart's style files only feed Excel's own menu of styles. Excel writes
# most of the extensions into every file it saves: identities of shapes, resolution, the built-in styles of slicers.
_HARMLESS = frozenset({
    "printerSettings", "calcChain", "sharedStrings", "thumbnail", "customXml", "customXmlProps", "person", "image",
    "vmlDrawing", "drawing", "chartStyle", "chartColorStyle", "rdRichValue", "rdRichValueStructure", "rdRichValueTypes",
    "volatileDependencies", "hdphoto", "themeOverride", "custom-properties", "{7626C862-2A13-11E5-B345-FEFF819CDC9F}",
    "{28A0092B-C50C-407E-A947-70E740481C1C}", "{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}",
    "{C183D7F6-B498-43B3-948B-1728B52AA6E4}", "{BEBA8EAE-BF5A-486C-A8C5-ECC9F3942E4B}",
    "{EB79DEF2-80B8-43E5-95BD-54CBDDF9020C}", "{9260A510-F301-46A8-8635-F512D64BE5F5}",
    "{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}", "{140A7094-0E35-4892-8432-C4D2E57EDEB5}",
    "{79F54976-1DA5-4618-B147-4CDE4B953A38}", "{7523E5D3-25F3-A5E0-1632-64F254C22452}",
    "{FC87AEE6-9EDD-4A0A-B7FB-166176984837}", "{C3380CC4-5D6E-409C-BE32-E72D297353CC}",
    "{6F2FDCE9-48DA-4B69-8628-5D25D57E5C99}", "{CE6537A1-D6FC-4F65-9D91-7224C49458BB}",
    "{56B9EC1D-385E-4148-901F-78D8002777C0}", "{962EF5D1-5CA2-4C93-8EF4-DBF5C05439D2}",
    "{2946ED86-A175-432A-8AC1-64E0C546D7DE}", "{725AE2AE-9491-48BE-B2B4-4EB974FC3084}",
    "{747A6164-185A-40DC-8AA5-F01512510D54}",
})


def losses(data: bytes) -> tuple[str, ...]:
    """Return what openpyxl would lose from a workbook, in Danish, each with its sheet where it has one.

    Found by loading and saving it in memory and comparing the two packages. Raises TemplateError where the file
    can't be opened.
    """
    book = open_book(data)
    before, after = _inventory(usual_bytes(data)), _inventory(save_book(book))
    places = ["", *book.sheetnames]
    found = [(owner, kind) for owner, kind in before
             if kind not in _HARMLESS and after[owner, kind] < before[owner, kind]]
    found.sort(key=lambda each: (places.index(each[0]) if each[0] in places else len(places), each[1]))
    said = [f"{_LOST.get(kind, f'Indhold, som programmet ikke kender ({kind})')}{owner and f' på arket {owner}'}"
            for owner, kind in found]
    return tuple(dict.fromkeys(said))


def _inventory(data: bytes) -> Counter[tuple[str, str]]:
    """Count what is in a package by (sheet or '', kind): relationship types, extensions and what is drawn."""
    parts = read_parts(data)
    owners = owners_of_parts(parts)
    found: Counter[tuple[str, str]] = Counter()
    for name, content in parts.items():
        if name.startswith(("docProps/", "customXml/")):
            continue
        if name.endswith(".rels"):
            owner = owners.get(source_of(name), "")
            for relation in relations(parts, source_of(name)).values():
                found[owner, relation.kind] = 1  # the type matters: how many of them is each program's own affair
            continue
        owner = owners.get(name, "")
        if name.endswith(".vml"):
            found[owner, "form control"] += len(_FORM_CONTROL.findall(content))
        elif name.endswith(".xml"):
            found.update((owner, tag.decode()) for tag in _COUNTED.findall(content))
            found.update((owner, uri.decode().upper()) for uri in set(_EXTENSION.findall(content)))
            found[owner, "definedName"] += len(_NAMED.findall(content))
    return found
