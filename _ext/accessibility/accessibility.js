window.addEventListener("load", () => {
  // What scrolls within itself, the keyboard can scroll too. The theme sees to code, but not in what is folded.
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll("pre, .formula, span.math, .pst-scrollable-table-container").forEach((box) => observer.observe(box));

  // The buttons that fold bring an English name along.
  document.querySelectorAll("button.toggle-button").forEach((button) => button.setAttribute("aria-label", "展开或收起"));

  // After leaving the search, it is at the search button again, not at the top of the page.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest(".bd-search")) document.querySelector(".search-button__button")?.focus();
  });

  // After copying, the keyboard stays at the button.
  document.addEventListener("click", (event) => event.target.closest("button.copybtn")?.focus());
});
