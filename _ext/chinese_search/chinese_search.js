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
  ("alpha α,beta β,gamma γ,delta δ,epsilon ε,zeta ζ,eta η,theta θ,kappa κ,lambda λ,mu μ,nu ν,xi ξ,pi π,rho ρ,sigma σ," +
    "tau τ,phi φ,chi χ,psi ψ,omega ω").split(",").map((pair) => pair.split(" ")),
);

// What only asks, or links: it says nothing of what the question is about.
const ASKING =
  "有什么关系|什么意思|会怎么?样|怎么[样办]?|怎样|如何|为什么|为何|什么(?:时候|样)?|是否|有没有|多少|哪一?[些个里种]|可以|应该|" +
  "[一这那][个本种些]|[的了吗呢吧啊和与及是我]";
const FILLERS = new Set(
  ("a an and are as at be but by can do does for from how i in is it me my not of on or should the to vs was were what when " +
    "where which why will with work works you your").split(" "),
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

const count = (part, term) => places(part, term).length;

// Where the book says what a term is: its name in English stands behind it, or before it, or it says 叫 or 称为.
const explained = (part, term) =>
  places(part, term).filter((place) => {
    const end = place + term.length;
    const [before, after] = [part.folded.slice(Math.max(0, place - 4), place), part.folded.slice(end, end + 40)];
    return (
      /^[法数]?\([a-z][a-z-]/.test(after) ||
      (/\p{sc=Han}\($/u.test(before) && /^[a-z]*(\)|,简称)/.test(after))
    );
  });

const partOf = (text) => ({ text, folded: fold(text) });

// Kept, since to fold them takes longer than to look for a term.
const linesOf = (part) => (part.lines ??= part.text.split("\n").map(partOf));

const PARTS = ["title", "text", "code"];

const either = (words) => words.sort((a, b) => b.length - a.length).map(_escapeRegExp).join("|");

// The book as chinese_search.py wrote it, ready to be searched: its pages, each as a whole and by sections; its terms, at
// which a query is cut; and other names of these, in English or not used here. chapters/terms.md has them.
const read = (pages) => {
  const said = (title, anchor, text, code) => ({ anchor, title: partOf(title), text: partOf(text), code: partOf(code) });
  const whole = ([[title, , text, code], ...others]) =>
    said(title, "",
      [text, ...others.flatMap((section) => [section[0], section[2]])].join("\n"),
      [code, ...others.map((section) => section[3])].join("\n"));
  const all = pages.map(([uri, number, sections]) => ({
    uri,
    number,
    isChapter: number > 0,
    whole: whole(sections),
    sections: sections.map((section) => said(...section)),
  }));
  const glossary = all.find(({ uri }) => uri.endsWith("terms.html"))?.whole.text.text ?? "";
  const terms = [...glossary.matchAll(/^([^，\n]*\p{sc=Han}[^，\n]*)，([\x20-\x7e]+)，/gmu)];
  const others = [...glossary.matchAll(/^([^：，。\n]+)(?:：|: )([^：，。\n]+)$/gm)];
  const names = Object.fromEntries([
    ...terms.filter(([, , english]) => english.includes(" ")).map(([, term, english]) => [english.toLowerCase(), term]),
    ...others.flatMap(([, others, term]) => others.split(/、|, /).map((other) => [other, term])),
  ]);
  return {
    pages: all,
    sections: all.flatMap(({ sections }) => sections),
    text: partOf(all.flatMap(({ whole }) => PARTS.map((part) => whole[part].text)).join("\n")),
    names,
    isName: new RegExp(`(?<![a-z_])(${either(Object.keys(names)) || "$^"})(?![a-z_])`, "g"),
    isTerm: new RegExp(`(${either([...terms.map(([, term]) => term), ...others.map(([, , term]) => term)]) || "$^"})|${ASKING}`),
  };
};

// What is looked for, as it is compared: without the marks of TeX. The end of a long message says what is wrong.
const plain = (query) =>
  fold(query.normalize("NFKC").replace(/[\\${}^\u2061]/g, ""))
    .trim().slice(-200).replace(/^gluonbook\./, "").replace(/\s+/g, " ");

// The words of two letters that the book has, one after the other, and what is between them.
const pairs = (run, has, before = "") => {
  if (run.length < 2) return [before + run].filter((word) => word);
  if (!has(run.slice(0, 2))) return pairs(run.slice(1), has, before + run[0]);
  return [...(before ? [before] : []), run.slice(0, 2), ...pairs(run.slice(2), has)];
};

// Latin words, and Chinese cut at the terms of the book and at what only asks: 动量法和噪声有什么关系 becomes 动量法 and
// 噪声. A Greek letter may be spelt, and an index set off: eta, x_t.
const searchTerms = (query, { text, names, isName, isTerm }) => {
  const words = query
    .replace(isName, (name) => ` ${fold(names[name])} `)
    .match(/\p{sc=Han}+|[^\s\p{sc=Han}\p{P}]+([._-]+[^\s\p{sc=Han}\p{P}]+)*/gu);
  const respelt = (word) => {
    if (GREEK[word]) return GREEK[word];
    const [, name, index] = word.match(/^([a-z]+|.)_(\w+)$/u) ?? [];
    const joined = `${GREEK[name] ?? name}${index}`;
    return name && (GREEK[name] || !count(text, word)) && count(text, joined) ? joined : word;
  };
  // Every other part of what is split is a term.
  const cut = (run) =>
    run.split(isTerm).flatMap((part, i) => (i % 2 ? (part ?? []) : pairs(part, (word) => text.folded.includes(word))));
  const isHan = (word) => /\p{sc=Han}/u.test(word);
  const telling = (words ?? []).filter((word) => !FILLERS.has(word));
  const terms = telling.flatMap((word) => (isHan(word) ? cut(word) : respelt(word)));
  return [...new Set(terms.length ? terms : words)];
};

// Whether a section is named after the query: a function, or all its words; and a symbol with its row in a table.
const isNamed = ({ title }, terms, query) =>
  terms.length > 1 ? terms.every((term) => count(title, term)) : title.folded === query;
const isRow = ({ text }, query) =>
  /^[^\p{ASCII}\p{sc=Han}]+$/u.test(query) && linesOf(text).some(({ folded }) => folded.startsWith(`${query},`));

// How much of the query a page or section has, by letters, and how much it says about it: to explain a term counts more
// than to mention it, each further mention adds less, and code counts least. The rarer a term is, the more it counts.
const judge = (part, terms, weights, worth) => {
  const [titles, mentions, code] = PARTS.map((name) => weights.map(([term]) => count(part[name], term)));
  const found = terms.filter((_, i) => titles[i] + mentions[i] + code[i]);
  const share = found.join("").length / terms.join("").length;
  const score = weights.reduce((sum, [term, weight], i) => {
    const explains = mentions[i] && explained(part.text, term).length;
    return sum + weight * (worth(term, i, titles[i]) + 3 * (explains > 0) + Math.log1p(mentions[i]) + 0.1 * Math.log1p(code[i]));
  }, 0);
  return { share, isAsked: found.some((term) => count(part.title, term)), score: score * share ** 2 };
};

// The pages that have all of the query, or if the best has not, about half of it or more, best first, each with the sections
// that have some of it.
const searchPages = (query, terms, { pages, sections }) => {
  // The terms side by side, as in make lab, or 学习率衰减 for 学习率的衰减, count on top.
  const phrase = terms.join(" ").replace(/(?<=\p{sc=Han}) | (?=\p{sc=Han})/gu, "");
  const wanted = [...new Set([...terms, ...(terms.length > 1 ? [phrase, query] : [])])];
  const weights = wanted.map((term, i) => {
    const having = sections.filter((section) => PARTS.some((part) => count(section[part], term))).length;
    return [term, (i < terms.length ? 1 : 2) * Math.log1p(sections.length / (1 + having))];
  });
  // The chapter that explains a term first, or has it first.
  const firsts = wanted.map((term) => {
    const first = (says) => pages.findIndex(({ isChapter, whole }) => isChapter && says(whole.text, term));
    const explains = first((text) => explained(text, term).length);
    return explains < 0 ? first(count) : explains;
  });
  // Where a single term is explained is shown first of what a page says.
  const explains = ({ text }) => terms.length === 1 && explained(text, terms[0]).length > 0;
  const ranked = pages
    .map(({ uri, number, isChapter, whole, sections }, place) => {
      const page = judge(whole, terms, weights, (term, i, isTitle) => 16 * (isTitle > 0) + 3 * (place === firsts[i]));
      const found = sections
        .map((section) => {
          const inTitle = (term, i, isTitle) => (isTitle ? (4 * term.length) / section.title.text.length : 0);
          const bonus = 40 * isNamed(section, terms, query) + 1000 * (!isChapter && isRow(section, terms.join("")));
          return { section, score: judge(section, terms, weights, inTitle).score + bonus };
        })
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score);
      // Other pages, such as the references, come after the chapters unless a title asks for one; the front page comes last.
      const factor = isChapter || page.isAsked ? 1 : 0.7;
      return {
        uri,
        number,
        isChapter,
        isFront: place === 0,
        title: sections[0].title.text,
        share: page.share,
        sections: found.map(({ section }) => section).sort((a, b) => explains(b) - explains(a)),
        score: factor * (page.score + (found[0]?.score ?? 0)),
      };
    })
    .filter(({ share }) => share >= 0.4)
    .sort((a, b) => a.isFront - b.isFront || b.score - a.score);
  const [best] = ranked;
  return ranked
    .filter(({ share }) => share === 1 || best.share < 1)
    .sort((a, b) => best.isChapter && b.isChapter - a.isChapter);
};

const element = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

// A piece of a text with the terms marked.
const withMarks = (part, terms, start = 0, end = part.text.length) => {
  const pattern = new RegExp(`(${[...terms].sort((a, b) => b.length - a.length).map(_escapeRegExp).join("|")})`, "g");
  const shown = [];
  let done = start;
  for (const { index, 0: term } of part.folded.matchAll(pattern))
    if (index >= done && index + term.length <= end && isWord(part, index, term)) {
      shown.push(part.text.slice(done, index), element("mark", {}, part.text.slice(index, index + term.length)));
      done = index + term.length;
    }
  return [...shown, part.text.slice(done, end).trimEnd()];
};

// The sentences around the first mention in the paragraph that says most; without one, the same of the code.
const excerpt = (section, terms) => {
  const worth = (line) =>
    terms.reduce((sum, term) => sum + Math.min(count(line, term), 1) + count(line, term) / 100 + explained(line, term).length, 0);
  const [best] = ["text", "code"]
    .map((part) => ({ part, line: linesOf(section[part]).reduce((a, b) => (worth(b) > worth(a) ? b : a)) }))
    .sort((a, b) => (worth(b.line) > 0) - (worth(a.line) > 0));
  const { text } = best.line;
  const all = terms.flatMap((term) => explained(best.line, term)).concat(terms.flatMap((term) => places(best.line, term)));
  const hit = all.length ? all[0] : 0;
  const mark = (from, to) => from + Math.max(0, ...[...text.slice(from, to).matchAll(/[。；：，？]|[.;:,?] /g)].map((found) => found.index + found[0].length));
  const whole = (place) => place + text.slice(place).search(/\W|$/); // no Latin word is cut
  const start = hit < 60 ? 0 : Math.max(mark(0, hit - 15), whole(hit - 60));
  const end = text.length < start + 120 ? text.length : Math.max(mark(start, start + 120), whole(start + 90));
  const shown = [start ? "…" : "", ...withMarks(best.line, terms, start, end), end < text.length ? "…" : ""];
  return element(best.part === "text" || !all.length ? "span" : "code", {}, ...shown);
};

// Where the book begins, as seen from the page that asks.
const root = document.documentElement.dataset.content_root ?? "";

const resultItem = ({ uri, number, title, sections }, terms) =>
  element("li", {},
    element("a", { href: root + uri }, number ? `${number}. ` : "", title),
    ...sections.slice(0, 3).map((section) =>
      element("p", { className: "context" },
        section.title.text === title ? "" : element("a", { href: `${root}${uri}#${section.anchor}` }, ...withMarks(section.title, terms)),
        excerpt(section, terms))));

let book, asked;

Search.query = (query) => {
  asked = query;
  book ??= read(Search._index);
  const looked = plain(query);
  const terms = searchTerms(looked, book);
  const results = terms.length ? searchPages(looked, terms, book) : [];
  const words = terms.filter((term) => /..|\P{sc=Han}/u.test(term)); // a letter alone is marked if there is nothing else
  const marked = words.length ? words : terms;
  if (!results.length && !Search.hasText) return; // the whole text may have some
  Search.output.replaceChildren(...results.map((result) => resultItem(result, marked)));
  _finishSearch(results.length);
  Search.output.onclick = () => localStorage.setItem("sphinx_highlight_terms", marked.join(" ")); // sphinx_highlight.js marks them
  if (!results.length) Search.status.textContent = _("没有找到“{}”。换一种说法，或者只输入其中的一部分试试。").replace("{}", () => query);
};

// Until it comes, the beginnings of the sections answer.
Search.setText = (pages) => {
  Search.hasText = true;
  book = read(pages);
  if (asked !== undefined) Search.query(asked);
};
document.body.append(element("script", { src: document.currentScript.src.replace(".js", "_text.js") }));

// The theme means to do so too, but takes the hidden field of its search button.
_ready(() => document.querySelector(".bd-search-container input")?.focus());
