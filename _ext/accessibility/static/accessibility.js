// What takes the marks of a search off was named before the translations were there.
document.querySelector("#searchbox a")?.replaceChildren(_("不再标出搜索词"));

window.addEventListener("load", () => {
  // What scrolls within itself, the keyboard can scroll too. The theme sees to code, but not in what is folded.
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = target.closest("figure") ?? target; // of which a picture may come late
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll("pre, .formula, span.math, .pst-scrollable-table-container, figure, figure > img").forEach((box) => observer.observe(box));

  // Escape closes the search from wherever the keyboard is, and brings it back to the search button, not to the top.
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector(".search-button__wrapper");
    if (event.key !== "Escape" || !(search?.matches(".show") || event.target.closest(".bd-search"))) return;
    if (search?.matches(".show")) event.stopPropagation(); // what lies behind would take the key for its own
    search?.classList.remove("show");
    document.querySelector(".search-button__button")?.focus();
  }, true);

  // After copying, the keyboard stays at the button.
  document.addEventListener("click", (event) => event.target.closest("button.copybtn")?.focus());
});
