"""The interface in Chinese for everyone, also for those who have it read out: what the theme has in English only.

Its templates, its scripts and Sphinx each bring some, and not all can be translated, so this is done on what they wrote.
"""

import re
from pathlib import Path

NAMES = {  # aria-label and title
    "Version warning": "版本提示",
    "Main": "全书目录",
    "Page": "本页目录",
    "Toggle primary sidebar": "显示或隐藏全书目录",
    "Toggle secondary sidebar": "显示或隐藏本页目录",
    "Toggle hidden content": "展开或收起",
    "light/dark": "切换浅色和深色",
    "列印成 PDF": "打印成 PDF",
    "previous page": "上一页",
    "next page": "下一页",
    "Link to this heading": "此标题的链接",
    "Link to this image": "此图的链接",
    "Link to this table": "此表的链接",
    "Link to this code": "此代码的链接",
    "Link to this definition": "此定义的链接",
}
OTHERS = {
    ">Skip to main content<": ">跳到正文<",
    "</i>Back to top<": "</i>回到顶部<",
    "Please activate JavaScript to enable the search functionality.": "搜索需要浏览器启用 JavaScript。",
    "© Copyright ": "© ",
    "的作者们.\n": "的作者们\n",
    '<span class="colon">:</span>': '<span class="colon">：</span>',
    # In a list of references, docutils gives the items a role that is deprecated, and isn't a list item's.
    'role="doc-biblioentry"': 'role="listitem"',
}


def translate(text):
    text = re.sub(r'\b(aria-label|title)="([^"]+)"', lambda found: f'{found[1]}="{NAMES.get(found[2], found[2])}"', text)
    for old, new in OTHERS.items():
        text = text.replace(old, new)
    return text


def translate_files(app, exception):
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    for file in [*out.glob("*.html"), *out.glob("chapters/*.html"), out / "_static" / "togglebutton.js"]:
        text = file.read_text(encoding="utf-8")
        if (translated := translate(text)) != text:
            file.write_text(translated, encoding="utf-8")


def setup(app):
    app.connect("build-finished", translate_files, priority=400)  # before the search reads the pages
    return {"parallel_read_safe": True, "parallel_write_safe": True}
