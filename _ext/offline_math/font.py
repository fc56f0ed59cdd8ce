"""The font of the formulas: of STIX Two Math, what the book's formulas need."""

import io
import logging
import unicodedata
from importlib.metadata import distribution

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of each glyph


def font_for(characters):
    """Return, as WOFF, the glyphs of STIX Two Math for these characters, larger variants included."""
    file = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = TTFont(file, recalcTimestamp=False)
    glyph = font.getBestCmap()
    primes = {ord(sign): f"{glyph[ord(sign)]}.ssty" for sign in "′″"}

    # A browser draws the √ itself, and a lone letter in italics. STIX has its primes in superscript form
    # as a variant that Chromium doesn't ask for.
    italics = map(chr, [0x210E, *range(0x1D434, 0x1D468), *range(0x1D6A4, 0x1D6A6), *range(0x1D6E2, 0x1D71C)])
    wanted = {*characters, "√", *(letter for letter in italics if unicodedata.normalize("NFKC", letter) in characters)}
    options = Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, wanted), glyphs=primes.values())
    subsetter.subset(font)
    for table in font["cmap"].tables:
        for sign in primes.keys() & getattr(table, "cmap", {}).keys():
            table.cmap[sign] = primes[sign]

    # Chromium reserves room for the widest √ behind every root: make them all as wide as the smallest.
    root = glyph[ord("√")]
    variants = font["MATH"].table.MathVariants
    shapes = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(root)]
    parts = {record.VariantGlyph for record in shapes.MathGlyphVariantRecord}
    parts |= {record.glyph for record in shapes.GlyphAssembly.PartRecords}
    width = font["hmtx"][root][0]
    for part in sorted(parts):
        outline = font["glyf"][part]
        outline.coordinates.scale((width / font["hmtx"][part][0], 1))
        outline.coordinates.toInt()
        outline.recalcBounds(font["glyf"])
        font["hmtx"][part] = (width, outline.xMin)

    # An index stands as low at a letter with a tail, y, as at one without, x.
    tails = [font["glyf"][glyph[letter]].yMin for letter in map(ord, "yjgpηγ𝑦𝑗𝑔𝑝𝜂𝛾") if letter in font.getBestCmap()]
    font["MATH"].table.MathConstants.SubscriptBaselineDropMin.Value = min(tails, default=0)

    font.flavor = "woff"
    data = io.BytesIO()
    font.save(data)
    return data.getvalue()
