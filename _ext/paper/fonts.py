"""The fonts of the book on paper: of each, the characters that the book uses, with the outlines of TrueType.

Chromium embeds outlines of this kind as the fonts they are. Those of PostScript, as Chinese fonts have them, it turns
into drawings (Type 3), which are larger, uglier on a screen and can't be searched everywhere.
"""

import logging
from importlib.metadata import distribution
from pathlib import Path

import matplotlib
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from _ext.words import EDITION

SERIF = "pylopdf-fonts-zh-cn", "pylopdf_fonts_zh_cn/NotoSerifSC-Regular.otf"
SANS = "manimgx-fonts-cjk", "manimgx_fonts_cjk/NotoSansCJK-VF.otf.ttc"
SANS_SC = 2  # its place in the collection
FEATURES = ["ccmp", "chws", "halt", "kern", "liga", "mark"]
OTHERS = {"mono": "DejaVuSansMono.ttf", "mono-bold": "DejaVuSansMono-Bold.ttf", "italic": "STIXGeneralItalic.ttf"}
OTHERS_IN = Path(matplotlib.get_data_path()) / "fonts" / "ttf"

logging.getLogger("fontTools").setLevel(logging.WARNING)


def subset(font, characters):
    options = Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 4, 6, 13, 14])
    options.drop_tables += ["FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)


def with_truetype_outlines(font, **location):
    """Replace the cubic curves of `font` by quadratic ones that nowhere are further off than a thousandth of its size.

    Of a variable font, only the weight at this location stays.
    """
    glyphs = font.getGlyphSet(location=location)
    outlines = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=font["head"].unitsPerEm / 1000, reverse_direction=True))
        outlines[name] = pen.glyph()
        outlines[name].recalcBounds(None)
        font["hmtx"][name] = round(glyphs[name].width), outlines[name].xMin
    builder = FontBuilder(font=font)
    builder.isTTF = True
    builder.setupGlyf(outlines)
    builder.setupMaxp()
    font["post"].formatType = 3
    for name in ("CFF ", "CFF2", "VORG", "DSIG", "avar", "fvar", "HVAR", "MVAR", "STAT", "VVAR"):
        if name in font:
            del font[name]
    font.sfntVersion = "\0\1\0\0"


def file_of(package, path):
    return distribution(package).locate_file(path)


def write_fonts(folder, characters):
    """Write what the style sheet of the book on paper names."""
    wide = set("‖" if EDITION == "zh" else "‖‘’“”…—")  # as wide as a Chinese character in theirs
    text = "".join(sorted(characters - wide))
    serif = TTFont(file_of(*SERIF), recalcTimestamp=False)
    subset(serif, text)
    with_truetype_outlines(serif)
    serif.save(folder / "serif.ttf")

    for name, weight, style in (("sans", 400, "Regular"), ("sans-bold", 700, "Bold")):
        sans = TTFont(file_of(*SANS), fontNumber=SANS_SC, recalcTimestamp=False)
        subset(sans, text)
        with_truetype_outlines(sans, wght=weight)
        for record in sans["name"].names:
            record.string = str(record).replace("Thin", style)
        sans.save(folder / f"{name}.ttf")

    for name, file in OTHERS.items():
        font = TTFont(OTHERS_IN / file, recalcTimestamp=False)
        subset(font, text)
        font.save(folder / f"{name}.ttf")
