// An answer to a guess can be chosen: then the reason, which stands behind the experiment, is open when the reader comes there.
window.addEventListener("DOMContentLoaded", () => {
  const folds = [...document.querySelectorAll("details")].filter((fold) => fold.firstElementChild.textContent === _("答案"));
  document.querySelectorAll(".admonition.important").forEach((box, number) => {
    const fold = folds.find((fold) => box.compareDocumentPosition(fold) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (!fold) return;
    fold.id ||= `answer-${number}`;
    for (const text of box.querySelectorAll("li > p")) {
      const label = document.createElement("label"), words = document.createElement("span"), choice = document.createElement("input");
      Object.assign(choice, { type: "radio", name: `guess-${number}` });
      words.append(...text.childNodes);
      label.append(choice, words);
      text.append(label);
      choice.addEventListener("change", () => {
        fold.open = true;
        fold.firstElementChild.textContent = _("答案　你猜的是") + (words.textContent.match(/[（(].[）)]/)?.[0] ?? "");
        if (!box.querySelector(".to-answer"))
          box.insertAdjacentHTML("beforeend", `<a class="to-answer" href="#${fold.id}">${_("答案在实验的后面")}</a>`);
      });
    }
  });
});
