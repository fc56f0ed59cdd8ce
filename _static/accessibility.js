window.addEventListener("load", () => {
  // What scrolls within itself, the keyboard can scroll too. The theme sees to code, but not in what is folded.
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll("pre, .formula, span.math, .pst-scrollable-table-container").forEach((box) => observer.observe(box));

  // After copying, the keyboard stays at the button.
  document.addEventListener("click", (event) => event.target.closest("button.copybtn")?.focus());
});
