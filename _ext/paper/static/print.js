// Before a page is printed it becomes light and opens its folds; afterwards it is as it was.
(() => {
  let restore = () => {};
  addEventListener("beforeprint", () => {
    const root = document.documentElement, theme = root.dataset.theme;
    const folds = [...document.querySelectorAll("details:not(.claim):not([open])")];
    root.dataset.theme = "light";
    folds.forEach((fold) => fold.open = true);
    restore = () => {
      root.dataset.theme = theme;
      folds.forEach((fold) => fold.open = false);
    };
  });
  addEventListener("afterprint", () => restore());
})();
