// Finds a query in the text of the book: what chinese_search.py puts in the place of Sphinx's index of words.
// The rest stays Sphinx's: searchtools.js reads the query, waits for the text and says how many pages were found.
"use strict";

const count = (text, term) => text.toLowerCase().split(term).length - 1;

const isIn = (pages, term) =>
  pages.some(([, , sections]) => sections.some((parts) => parts.some((part) => count(part, term))));

// 的 only links.
const withoutLinks = (pieces) =>
  pieces.length > 1 ? pieces.map((piece) => piece.replace(/^的|的$/g, "")).filter((piece) => piece) : pieces;

// Latin words and runs of Chinese, each a list of terms; "Gluon动量" has one of each. The book itself is the dictionary:
// a run that it doesn't contain is cut into the longest pieces that it does, so 学习率的衰减 becomes 学习率 and 衰减.
const searchWords = (query, pages) => {
  const words = query
    .normalize("NFKC")
    .toLowerCase()
    .match(/\p{sc=Han}+|[^\s\p{sc=Han}\p{P}]+([._-]+[^\s\p{sc=Han}\p{P}]+)*/gu);
  const cut = (run) => {
    let length = run.length;
    while (length > 1 && !isIn(pages, run.slice(0, length))) length -= 1;
    return length < run.length ? [run.slice(0, length), ...cut(run.slice(length))] : [run];
  };
  return (words ?? []).map((word) => (/\p{sc=Han}/u.test(word) ? withoutLinks(cut(word)) : [word]));
};

// How much a section says about a term: its title counts most, code least, and each further mention adds less.
const sectionScore = ([title, , text, code], term) =>
  6 * (count(title, term) > 0) + 2 * Math.log1p(count(text, term)) + 0.5 * Math.log1p(count(code, term));

// The same for a page. Where a term comes first, the book explains it: there, what the text says counts twice.
const pageScore = (sections, term, isFirst) => {
  const mentions = (part) => sections.reduce((sum, section) => sum + count(section[part], term), 0);
  const [[title], ...others] = sections;
  return (
    (count(title, term) ? 25 + (15 * term.length) / title.length : 0) +
    (others.some((section) => count(section[0], term)) ? 4 : 0) +
    5 * Math.log1p(mentions(2)) * (isFirst ? 2 : 1) +
    Math.log1p(mentions(3))
  );
};

// How many clauses contain all terms.
const sharing = (sections, terms) =>
  sections.flatMap(([, , text]) => text.split(/[\n。；：，]/)).filter((line) => terms.every((term) => count(line, term))).length;

// A section whose title holds all terms is about them: what part of the title they are, at most.
const titled = (sections, terms) =>
  Math.max(...sections.map(([title]) => terms.every((term) => count(title, term)) * terms.join("").length / title.length));

// The pages that contain all terms, best first, each with the sections that contain one, best first. If there is none,
// pages with a part of each word will do, those with most of it first. A single character is no part of a longer word.
const searchPages = (query, words, pages) => {
  const terms = [...new Set(words.flat())];
  // The terms side by side, as in "make lab", count on top.
  const wanted = terms.length > 1 ? [...terms, query.trim().toLowerCase()] : terms;
  const firsts = wanted.map((term) =>
    pages.findIndex(([, isChapter, sections]) => isChapter && sections.some(([, , text]) => count(text, term))));
  const ranked = pages
    .map(([uri, isChapter, sections], place) => {
      const scores = wanted.map((term, i) => pageScore(sections, term, place === firsts[i]));
      const mentioning = sections
        .map((section) => ({ section, score: wanted.reduce((sum, term) => sum + sectionScore(section, term), 0) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score);
      return {
        uri,
        title: sections[0][0],
        sections: mentioning.map(({ section }) => section),
        found: new Set(terms.filter((_, i) => scores[i] > 0)),
        // The other pages, such as the symbols and the references, come after the chapters unless a title asks for one;
        // the title of the front page is that of the book.
        isWanted: isChapter || (place > 0 && terms.some((term) => count(sections[0][0], term))),
        // Terms that share a clause or a title belong together.
        score: scores.reduce(
          (a, b) => a + b,
          terms.length > 1 ? 20 * Math.log1p(sharing(sections, terms)) + 100 * titled(sections, terms) : 0,
        ),
      };
    })
    .sort((a, b) => b.isWanted - a.isWanted || b.score - a.score);
  const hasPart = (found) => (word) => word.some((term) => found.has(term) && (term.length > 1 || word.length === 1));
  const hits = ranked.filter(({ found }) => words.every(hasPart(found)));
  const complete = hits.filter(({ found }) => found.size === terms.length);
  const length = ({ found }) => [...found].join("").length;
  return complete.length ? complete : hits.sort((a, b) => length(b) - length(a));
};

const element = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

// The sentences around the first mention in the paragraph that mentions most; without one, the same of the code.
const excerpt = ([, , text, code], terms) => {
  const pattern = new RegExp(`(${terms.map(_escapeRegExp).join("|")})`, "i");
  const mentions = (line) => terms.reduce((sum, term) => sum + Math.min(count(line, term), 1) + count(line, term) / 100, 0);
  const best = (part) => part.split("\n").reduce((a, b) => (mentions(b) > mentions(a) ? b : a));
  const inCode = !mentions(text) && mentions(code) > 0;
  const line = best(inCode ? code : text);
  const hit = Math.max(line.search(pattern), 0);
  const mark = (from, to) => from + 1 + Math.max(...[..."。；：，？"].map((c) => line.slice(from, to).lastIndexOf(c)));
  const start = hit < 60 ? 0 : Math.max(mark(0, hit - 15), hit - 60);
  const end = line.length < start + 120 ? line.length : Math.max(mark(start, start + 120), start + 90);
  const shown = (start ? "…" : "") + line.slice(start, end).trim() + (end < line.length ? "…" : "");
  const parts = shown.split(pattern).map((part, i) => (i % 2 ? element("mark", {}, part) : part));
  return element(inCode ? "code" : "span", {}, ...parts);
};

const resultItem = ({ uri, title, sections }, terms) =>
  element("li", {},
    element("a", { href: uri }, title),
    ...sections.slice(0, 3).map((section) =>
      element("p", { className: "context" },
        section[0] === title ? "" : element("a", { href: `${uri}#${section[1]}` }, section[0]),
        excerpt(section, terms))));

Search.query = (query) => {
  const words = searchWords(query, Search._index);
  const terms = words.flat();
  const results = terms.length ? searchPages(query, words, Search._index) : [];
  Search.output.append(...results.map((result) => resultItem(result, terms)));
  _finishSearch(results.length);
  if (results.length) localStorage.setItem("sphinx_highlight_terms", terms.join(" ")); // sphinx_highlight.js marks them
  else Search.status.textContent = `没有找到“${query}”。换一种说法，或者只输入其中的一部分试试。`;
};

// The theme means to do so too, but takes the hidden field of its search button.
_ready(() => document.querySelector(".bd-search-container input").focus());
