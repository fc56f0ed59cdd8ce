// Before a page is printed it becomes light and opens its folds; afterwards it is as it was.
(() => {
  let restore = () => {};
  addEventListener("beforeprint", () => {
    const root = document.documentElement, theme = root.dataset.theme;
    const folds = [...document.querySelectorAll("details:not(.claim):not([open])")];
    const solutions = [...document.querySelectorAll(".admonition.toggle-hidden")];
    root.dataset.theme = "light";
    folds.forEach((fold) => fold.open = true);
    solutions.forEach((box) => box.classList.remove("toggle-hidden"));
    restore = () => {
      root.dataset.theme = theme;
      folds.forEach((fold) => fold.open = false);
      solutions.forEach((box) => box.classList.add("toggle-hidden"));
    };
  });
  addEventListener("afterprint", () => restore());
})();
