// Finds a query in the text of the book: what chinese_search.py puts in the place of Sphinx's index of words.
// The rest stays Sphinx's: searchtools.js reads the query, waits for the text and says how many pages were found.
"use strict";

// Text as it is compared: full-width, raised, lowered and script letters are the plain ones, and capitals small. A
// letter stays one letter, so that what is found in it has the same place in the text.
const fold = (text) =>
  text
    .replace(/[^\p{ASCII}\p{sc=Han}]/gu, (letter) => {
      const plain = letter.normalize("NFKC");
      return plain.length === letter.length ? plain : letter;
    })
    .replace(/−/g, "-")
    .toLowerCase();

const GREEK = Object.fromEntries(
  ("alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ " +
    "tau τ phi φ chi χ psi ψ omega ω").split(" ").reduce((pairs, word, i, all) => (i % 2 ? [...pairs, [all[i - 1], word]] : pairs), []),
);

// A Latin word is found from its start on, or from that of a part: eta isn't in theta, loader is in DataLoader, and rate in
// learning_rate. One or two letters, or the end of a number, must be the end there, too.
const isWord = ({ text, folded }, place, term) => {
  const [before, after] = [folded[place - 1] ?? " ", folded[place + term.length] ?? " "];
  if (/^[a-z]/.test(term) && /[a-z]/.test(before) && !/[a-z][A-Z]/.test(text.slice(place - 1, place + 1))) return false;
  if (/^\d/.test(term) && /[\d.]/.test(before)) return false;
  return !(/\d$/.test(term) ? /\d/ : /^[a-z]{1,2}$/.test(term) ? /[a-z]/ : /$^/).test(after);
};

const placeFrom = (part, term, from) => {
  let place = part.folded.indexOf(term, from);
  while (place >= 0 && !isWord(part, place, term)) place = part.folded.indexOf(term, place + term.length);
  return place;
};

const places = (part, term) => {
  const found = [];
  for (let place = placeFrom(part, term, 0); place >= 0; place = placeFrom(part, term, place + term.length)) found.push(place);
  return found;
};

// How often a term is there; the beginning of a longer word counts less.
const count = (part, term) =>
  places(part, term).reduce((sum, place) => sum + (/^[a-z]{2}/.test(part.folded.slice(place + term.length - 1)) ? 0.25 : 1), 0);

// Where the book says what a term is: its name in English stands behind it, or before it, or it says 叫 or 称为.
const explained = (part, term) =>
  places(part, term).filter((place) => {
    const [before, after] = [part.folded.slice(0, place), part.folded.slice(place + term.length)];
    return (
      /^[法数]?\([a-z]/.test(after) || (/(叫|叫作|叫做|称为|称作|简称 ?|所谓)$/.test(before) && !/[a-z]/.test(term)) ||
      (/\p{sc=Han}\($/u.test(before) && /^[a-z]*(\)|,简称)/.test(after))
    );
  });

const partOf = (text) => ({ text, folded: fold(text) });

// Both are kept: to fold them takes longer than to look for a term.
const linesOf = (part) => (part.lines ??= part.text.split("\n").map(partOf));
const clausesOf = (part) => (part.clauses ??= part.text.split(/[\n。；：，]/).map(partOf));

const PARTS = ["title", "text", "code", "seen"];

// The book's pages and their sections as chinese_search.py wrote them, ready to be searched.
const read = (pages) =>
  pages.map(([uri, isChapter, sections]) => ({
    uri,
    isChapter,
    sections: sections.map(([title, anchor, text, code, seen]) => ({
      anchor,
      title: partOf(title),
      text: partOf(text),
      code: partOf(code),
      seen: partOf(seen),
    })),
  }));

const isIn = (pages, term) =>
  pages.some(({ sections }) => sections.some((section) => PARTS.some((part) => placeFrom(section[part], term, 0) >= 0)));

// 的 only links.
const withoutLinks = (pieces) =>
  pieces.length > 1 ? pieces.map((piece) => piece.replace(/^的|的$/g, "")).filter((piece) => piece) : pieces;

// What is looked for, as it is compared: without the marks of TeX, and a formula without spaces; of a whole page that is
// pasted, the beginning.
const plain = (query) => {
  const typed = fold(query.normalize("NFKC").replace(/[\\${}^\u2061]/g, "")).trim().replace(/^gluonbook\./, "");
  const text = typed.replace(/\s+/g, " ").slice(0, 100);
  return /[^\p{ASCII}\p{L}\p{P}]|[=<>+]/u.test(text) ? text.replace(/ ?([-=<>≤≥≈+·×/√∇∑]) ?/g, "$1") : text;
};

const FILLERS = new Set(
  ("a an and are as at be but by can do does for from how i in is it me my not of on or should the to vs was were what when " +
    "where which why will with work works you your").split(" "),
);

// A question in English is looked for by its telling words: how to install is install. What the book has never heard of, as
// exploding in exploding loss, is left out, too, unless that is most of the question.
const telling = (words, pages) => {
  if (!words.every(([term]) => /^[a-z]/.test(term))) return words;
  const others = words.filter(([term]) => !FILLERS.has(term));
  const known = others.filter(([term]) => isIn(pages, term));
  return known.length && known.length >= others.length / 2 ? known : others.length ? others : words;
};

// Latin words and runs of Chinese, each a list of terms; "Gluon动量" has one of each. The book itself is the dictionary:
// a run that it doesn't contain is cut into the longest pieces that it does, so 学习率的衰减 becomes 学习率 and 衰减.
// A Greek letter may be spelt, and an index set off: eta, x_t.
const searchWords = (query, pages) => {
  const words = plain(query).match(/\p{sc=Han}+|[^\s\p{sc=Han}\p{P}]+([._-]+[^\s\p{sc=Han}\p{P}]+)*/gu);
  const cut = (run) => {
    let length = 1;
    while (length < run.length && isIn(pages, run.slice(0, length + 1))) length += 1;
    return length < run.length ? [run.slice(0, length), ...cut(run.slice(length))] : [run];
  };
  const respelt = (word) => {
    if (GREEK[word]) return GREEK[word];
    const [, name, index] = word.match(/^([a-z]+|.)_(\w+)$/u) ?? [];
    const joined = `${GREEK[name] ?? name}${index}`;
    return name && (GREEK[name] || !isIn(pages, word)) && isIn(pages, joined) ? joined : word;
  };
  return telling((words ?? []).map((word) => (/\p{sc=Han}/u.test(word) ? withoutLinks(cut(word)) : [respelt(word)])), pages);
};

const holds = (part, terms) => terms.every((term) => count(part, term));

// Whether the query is the name of a section or function, a symbol with its row in a table, and what a failure says.
const isNamed = ({ title }, query) => title.folded === query;
const isRow = ({ text }, query) =>
  /^[^\p{ASCII}\p{sc=Han}]+$/u.test(query) && linesOf(text).some(({ folded }) => folded.startsWith(`${query},`));
const isSeen = ({ seen }, terms) => terms.length > 1 && linesOf(seen).some((line) => holds(line, terms));
const isSeenAlone = ({ title, seen }, terms) =>
  terms.length === 1 && /^\p{ASCII}+$/u.test(terms[0]) && [title, seen].every((part) => holds(part, terms));

// How much a section says about a term: its title counts most, code least, and each further mention adds less.
const sectionScore = ({ title, text, code, seen }, term) =>
  6 * (count(title, term) > 0) +
  15 * (explained(text, term).length > 0) +
  2 * Math.log1p(count(text, term)) +
  0.5 * Math.log1p(count(code, term) + count(seen, term));

// The same for a page. The chapter that explains a term first, or has it first, is the one that counts.
const pageScore = (sections, term, isFirst) => {
  const mentions = (...parts) =>
    sections.reduce((sum, section) => sum + parts.reduce((all, part) => all + count(section[part], term), 0), 0);
  const [{ title }, ...others] = sections;
  return (
    (count(title, term) ? 25 + (15 * term.length) / title.text.length : 0) +
    (others.some((section) => count(section.title, term)) ? 4 : 0) +
    (isFirst && sections.some((section) => explained(section.text, term).length) ? 12 : 0) +
    5 * Math.log1p(mentions("text")) * (isFirst ? 2 : 1) +
    Math.log1p(mentions("code", "seen"))
  );
};

// How many clauses contain all terms.
const sharing = (sections, terms) =>
  sections.flatMap(({ text }) => clausesOf(text)).filter((clause) => holds(clause, terms)).length;

// A section whose title holds all terms is about them: what part of the title they are, at most.
const titled = (sections, terms) =>
  Math.max(...sections.map(({ title }) => (holds(title, terms) * terms.join("").length) / title.text.length));

// Words that are looked for together, of which a page may lack some: a long message says what is special here, too.
const ENOUGH = 0.7;

// The pages that contain all terms, best first, each with the sections that contain one, best first. If there is none,
// pages with a part of each word will do, those with most of it first. A single character is no part of a longer word.
const searchPages = (query, words, pages) => {
  const terms = [...new Set(words.flat())];
  // The terms side by side, as in "make lab", or 学习率衰减 for 学习率的衰减, count on top.
  const phrase = plain(query);
  const wanted = terms.length > 1 ? [...new Set([...terms, phrase, words.flat().join("")])] : terms;
  const firsts = wanted.map((term) => {
    const first = (says) => pages.findIndex(({ isChapter, sections }) => isChapter && sections.some(says));
    const explains = first(({ text }) => explained(text, term).length);
    return explains < 0 ? first(({ text }) => count(text, term)) : explains;
  });
  const ranked = pages
    .map(({ uri, isChapter, sections }, place) => {
      const scores = wanted.map((term, i) => pageScore(sections, term, place === firsts[i]));
      const special = (section) =>
        1000 * isNamed(section, phrase) +
        200 * (isSeen(section, terms) || (!isChapter && isRow(section, terms.join("")))) +
        30 * isSeenAlone(section, terms);
      const mentioning = sections
        .map((section) => ({
          section,
          score: wanted.reduce((sum, term) => sum + sectionScore(section, term), special(section)),
        }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score);
      const bonus = Math.max(...sections.map(special));
      return {
        uri,
        title: sections[0].title.text,
        sections: mentioning.map(({ section }) => section),
        found: new Set(terms.filter((_, i) => scores[i] > 0)),
        // The other pages, such as the symbols and the references, come after the chapters unless a title asks for one;
        // the title of the front page is that of the book.
        isWanted: isChapter || bonus > 0 || (place > 0 && terms.some((term) => count(sections[0].title, term))),
        // Terms that share a clause or a title belong together.
        score: scores.reduce(
          (a, b) => a + b,
          bonus + (terms.length > 1 ? 20 * Math.log1p(sharing(sections, terms)) + 100 * titled(sections, terms) : 0),
        ),
      };
    })
    .sort((a, b) => b.isWanted - a.isWanted || b.score - a.score);
  const hasPart = (found) => (word) => word.some((term) => found.has(term) && (term.length > 1 || word.length === 1));
  const hits = ranked.filter(({ found }) => words.every(hasPart(found)));
  const complete = hits.filter(({ found }) => found.size === terms.length);
  const length = ({ found }) => [...found].join("").length;
  if (complete.length) return complete;
  const most = ranked.filter(({ found }) => words.length > 3 && words.filter(hasPart(found)).length >= ENOUGH * words.length);
  return (hits.length ? hits : most).sort((a, b) => length(b) - length(a));
};

const element = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

// The sentences around the first mention in the paragraph that says most; without one, the same of the code.
const excerpt = (section, terms) => {
  const pattern = new RegExp(`(${[...terms].sort((a, b) => b.length - a.length).map(_escapeRegExp).join("|")})`, "g");
  const worth = (line) =>
    terms.reduce((sum, term) => sum + Math.min(count(line, term), 1) + count(line, term) / 100 + explained(line, term).length, 0);
  const [best] = ["text", "seen", "code"]
    .map((part) => ({ part, line: linesOf(section[part]).reduce((a, b) => (worth(b) > worth(a) ? b : a)) }))
    .sort((a, b) => (worth(b.line) > 0) - (worth(a.line) > 0));
  const { text, folded } = best.line;
  const all = terms.flatMap((term) => explained(best.line, term)).concat(terms.flatMap((term) => places(best.line, term)));
  const hit = all.length ? all[0] : 0;
  const mark = (from, to) => from + 1 + Math.max(...[..."。；：，？"].map((c) => text.slice(from, to).lastIndexOf(c)));
  const start = hit < 60 ? 0 : Math.max(mark(0, hit - 15), hit - 60);
  const end = text.length < start + 120 ? text.length : Math.max(mark(start, start + 120), start + 90);
  const shown = [start ? "…" : ""];
  let done = start;
  for (const { index, 0: term } of folded.matchAll(pattern))
    if (index >= done && index + term.length <= end && isWord(best.line, index, term)) {
      shown.push(text.slice(done, index), element("mark", {}, text.slice(index, index + term.length)));
      done = index + term.length;
    }
  shown.push(text.slice(done, end).trimEnd(), end < text.length ? "…" : "");
  return element(best.part === "text" || !all.length ? "span" : "code", {}, ...shown);
};

const resultItem = ({ uri, title, sections }, terms) =>
  element("li", {},
    element("a", { href: uri }, title),
    ...sections.slice(0, 3).map((section) =>
      element("p", { className: "context" },
        section.title.text === title ? "" : element("a", { href: `${uri}#${section.anchor}` }, section.title.text),
        excerpt(section, terms))));

let book;

Search.query = (query) => {
  book ??= read(Search._index);
  const words = searchWords(query, book);
  const terms = [...new Set(words.flat())];
  const results = terms.length ? searchPages(query, words, book) : [];
  Search.output.append(...results.map((result) => resultItem(result, terms)));
  _finishSearch(results.length);
  if (results.length) localStorage.setItem("sphinx_highlight_terms", terms.join(" ")); // sphinx_highlight.js marks them
  else Search.status.textContent = `没有找到“${query}”。换一种说法，或者只输入其中的一部分试试。`;
};

// The theme means to do so too, but takes the hidden field of its search button.
_ready(() => document.querySelector(".bd-search-container input").focus());
