// The search answers while one types: on its own page, and below the field of any other, which fetches it for that.
{
  let fetched, waiting, typed;
  const fetch = (name) => {
    const src = `${document.documentElement.dataset.content_root}_static/${name}`;
    return new Promise((done) => document.body.append(Object.assign(document.createElement("script"), { src, onload: done })));
  };
  addEventListener("input", async ({ target }) => {
    if (target.name !== "q") return;
    typed = target.value;
    if (!document.querySelector("#search-results")) {
      target.closest("form").insertAdjacentHTML("afterend", '<div id="search-results"></div>');
      const searchtools = fetch("language_data.js").then(() => fetch("searchtools.js"));
      // Sphinx's script sets the field to what the address asks, that is, to nothing.
      fetched = searchtools.then(() => (target.value = typed)).then(() => fetch("chinese_search.js"));
    }
    await fetched;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      document.querySelector("#search-results").replaceChildren();
      if (target.value.trim()) Search.performSearch(target.value);
    }, 150);
  });
}
