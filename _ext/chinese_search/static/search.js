// The search answers while one types: on its own page, and below the field of any other, which fetches it for that.
{
  let fetched, waiting;
  const fetch = (name) => {
    const src = `${document.documentElement.dataset.content_root}_static/${name}`;
    return new Promise((done) => document.body.append(Object.assign(document.createElement("script"), { src, onload: done })));
  };
  addEventListener("input", async ({ target }) => {
    if (target.name !== "q") return;
    if (!document.querySelector("#search-results")) {
      target.closest("form").insertAdjacentHTML("afterend", '<div id="search-results"></div>');
      target.name = ""; // Sphinx's script sets every field of this name to what the address asks, that is, to nothing
      fetched = fetch("language_data.js").then(() => fetch("searchtools.js")).then(() => fetch("chinese_search.js"));
      fetched.then(() => (target.name = "q"));
    }
    await fetched;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      document.querySelector("#search-results").replaceChildren();
      if (target.value.trim()) Search.performSearch(target.value);
    }, 150);
  });
}
