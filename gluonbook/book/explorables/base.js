// What all explorables share: axes, controls, a point to drag, the state in the address. Each kind adds what it draws.
if (!customElements.get("gluonbook-explorable")) {
  const kinds = {};
  const quiet = matchMedia("(prefers-reduced-motion: reduce)");
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const raised = (power) => [...String(+power)].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("");
  const number = (value, digits = 3) => {
    const [mantissa, power] = (+value.toPrecision(digits)).toString().split("e");
    return (mantissa + (power ? `×10${raised(power)}` : "")).replace("-", "−").replace("Infinity", "∞").replace("NaN", "nan");
  };

  // Letters in the page's font of formulas, where it has one, and what stands below or above them; `tag` is that of a letter.
  // In English, "a" and "I" are words, and what follows an apostrophe is no letter of its own.
  let hasMaths = false;
  const italic = (letter) => String.fromCodePoint(letter.codePointAt(0) + (letter > "z" ? 0x1d34b : letter > "Z" ? 0x1d3ed : 0x1d3f3));
  const maths = (text, tag = "i") => text.replace(/'\w|([α-ω]|\b[B-HJ-Zb-z]\b)(?:([₀₁₂ₜᵗ])(.?))?/g, (all, letter, small, next) => {
    if (!letter) return all;
    const written = `<${tag} class="i">${hasMaths ? italic(letter) : letter}</${tag}>`, place = "₀₁₂ₜᵗ".indexOf(small);
    if (!small) return written;
    if (tag === "i") return `${written}<sub>${"012t"[place]}</sub>${next}`;
    const by = place === 4 ? -5 : 4, below = place < 3 ? place : maths("t", tag);
    return `${written}<tspan dy="${by}" style="font-size: 10px">${below}</tspan><tspan dy="${-by}">${next}</tspan>`;
  });

  // The same numbers from the same seed (mulberry32), even or normal.
  const random = (seed) => {
    const even = () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
    const normal = () => Math.sqrt(-2 * Math.log(1 - even())) * Math.cos(2 * Math.PI * even());
    return { even, normal };
  };

  // The colours of gluonbook.STYLES; on dark ground, light ones of the same hue.
  const DRAWING = `
    text { fill: currentColor; font-size: 13px; font-weight: 400; paint-order: stroke; stroke: #fff; stroke-width: 3px; } .name { font-weight: 600; }
    .i { font-family: "Book Math", "STIX Two Text", STIXGeneral, "Times New Roman", serif; font-size: 1.15em; font-style: italic; }
    .dark text { stroke: #121212; }
    .end { text-anchor: end; } .middle { text-anchor: middle; }
    .l { fill: none; stroke: currentColor; stroke-width: 1.5; } .d { fill: none; stroke: currentColor; stroke-linecap: round; stroke-dasharray: none !important; }
    .thin { stroke-width: 1; } .thick { stroke-width: 2.5; } .dash { stroke-dasharray: 6 4; } .dot { stroke-dasharray: 1.5 3.5; }
    .area { fill: currentColor; fill-opacity: 0.15; stroke: currentColor; }
    .muted { color: #666; } .faint { color: #999; } .blue { color: #0072b2; } .orange { color: #b84a00; } .green { color: #117733; }
    .indigo { color: #332288; } .rose { color: #b04458; } .purple { color: #aa4499; }
    .dark .muted { color: #aaa; } .dark .faint { color: #888; } .dark .blue { color: #5ab4f0; } .dark .orange { color: #ff9a5c; }
    .dark .green { color: #63c98a; } .dark .indigo { color: #b3a8ff; } .dark .rose { color: #e88a98; } .dark .purple { color: #e58fd6; }`;
  const LAYOUT = `
    :host { display: block; margin: 1rem 0; --ground: var(--pst-color-background, var(--jp-layout-color0, Canvas)); } .live { font-size: 15px; line-height: 1.5; color: #222; } .dark { color: #ddd; color-scheme: dark; }
    .live + slot { display: none; }
    .i { line-height: 1; } .maths .i { font-style: normal; } .still { display: none; }
    .panels, form, .rest { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; } .panel { position: relative; min-width: 0; }
    svg { display: block; } .handle { position: absolute; width: 44px; height: 44px; margin: -22px; border-radius: 50%; cursor: grab; touch-action: none; }
    .handle:active { cursor: grabbing; } .handle::after { content: ""; position: absolute; inset: 12px; border: 2px solid var(--ground); border-radius: 50%; background: var(--accent, #1262d2); }
    :focus-visible { outline: 3px solid #8045e5; outline-offset: 1px; } .dark :focus-visible { outline-color: #b98eff; }
    form { padding: 0.4rem 0; align-items: center; } label { position: relative; display: grid; grid-template: auto auto / 1fr auto; column-gap: 0.5em; flex: 1 1 8rem; max-width: 17rem; }
    .rest { flex: 1 1 auto; align-items: center; } .rest > :last-child { margin-left: auto; } .rest label { display: inline-block; flex: none; }
    .rest svg { display: inline-block; vertical-align: middle; } input:not(:checked) + svg { opacity: 0.3; } label span { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .marks { position: absolute; inset: auto 8px 0; height: 7px; pointer-events: none; } .marks b { position: absolute; width: 3px; height: 7px; margin-left: -1.5px; background: currentColor; }
    input[type=range] { grid-column: 1 / 3; width: 100%; height: 24px; margin: 0; accent-color: #0072b2; }
    button, select { font: inherit; color: inherit; min-height: 28px; padding: 0 0.7em; background: none; border: 1px solid #888; border-radius: 4px; cursor: pointer; }
    .dark select { background: #222; } p { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); gap: 0.3rem 0.8rem; align-items: end; margin: 0.4rem 0 0; }
    p span { font-size: 0.9em; } p b { display: block; height: 1.5em; white-space: nowrap; font-size: 1.15em; font-variant-numeric: tabular-nums; } sub { line-height: 0; } em { grid-column: 1 / -1; min-height: 3em; font-style: normal; }
    :host(:lang(en)) p { grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); } :host(:lang(en)) form > label { flex-basis: 12rem; }
    @media (max-width: 600px) { form { position: sticky; bottom: 0; background: var(--ground); } :host(:lang(en)) em { min-height: 4.5em; } }
    @media (prefers-reduced-motion: no-preference) { .handle::after { animation: pulse 1.2s 0.6s; } } @keyframes pulse { 50% { box-shadow: 0 0 0 12px #1262d255; } }
    @media print { .live { display: none; } .live + slot { display: block; } }`;

  class Axes {
    // Of `width` pixels; `x` and `y` are the ends of the axes; `equal` makes a unit as long on both; as tall as those `beside` them.
    constructor(width, { x, y, ratio = 0.7, equal, beside, row, name, xLog, yLog, xName, yName }) {
      const left = 54, top = name ? 24 : 10, across = width - left - 12;
      const scale = (log) => (log ? [Math.log10, (value) => 10 ** value] : [Number, Number]);
      const [tx, backX] = scale(xLog), [ty, backY] = scale(yLog);
      const [x0, x1] = x.map(tx), [y0, y1] = y.map(ty);
      const down = equal ? (across * (y1 - y0)) / (x1 - x0) : beside?.row === row ? beside.down : clamp(across * ratio, 200, 260);
      Object.assign(this, { width, x, y, row, top, down, body: "" });
      this.height = Math.round(top + down + 40);
      this.box = `x="${left}" y="${top}" width="${across.toFixed(2)}" height="${down.toFixed(2)}"`;
      this.inside = `viewBox="${left} ${top} ${across.toFixed(2)} ${down.toFixed(2)}"`;
      this.X = (value) => left + ((tx(value) - x0) / (x1 - x0)) * across;
      this.Y = (value) => top + ((y1 - ty(value)) / (y1 - y0)) * down;
      this.undoX = (place) => backX(x0 + ((place - left) / across) * (x1 - x0));
      this.undoY = (place) => backY(y1 - ((place - top) / down) * (y1 - y0));
      this.along = (count) => Array.from({ length: count + 1 }, (_, i) => backX(x0 + ((x1 - x0) * i) / count));
      const tick = (value, log) => (log ? `10<tspan dy="-5" font-size="10">${number(Math.log10(value))}</tspan>` : number(value));
      this.frame =
        this.ticks(x0, x1, xLog, across / 60).map((value) => `<text class="x middle" x="${this.X(value).toFixed(2)}" y="${top + down + 16}">${tick(value, xLog)}</text>`).join("") +
        this.ticks(y0, y1, yLog, down / 40).map((value) => `<text class="y end" x="${left - 6}" y="${(this.Y(value) + 4).toFixed(2)}">${tick(value, yLog)}</text>`).join("") +
        `<rect class="l thin faint" ${this.box}/><text class="middle" x="${left + across / 2}" y="${this.height - 6}">${maths(xName, "tspan")}</text>` +
        `<text class="name" x="${left}" y="14">${name || ""}</text><text x="4" y="${top + down / 2}" transform="rotate(-90 4 ${top + down / 2}) translate(0 7)" text-anchor="middle">${maths(yName, "tspan")}</text>`;
    }
    ticks(low, high, log, most) {
      let step = (high - low) / most;
      const unit = 10 ** Math.floor(Math.log10(step));
      step = unit * [1, 2, 5, 10].find((times) => times * unit >= step);
      if (log) step = Math.max(1, Math.ceil(step));
      const found = [];
      for (let i = Math.ceil(low / step - 1e-9); i <= high / step + 1e-9; i++) found.push(log ? 10 ** (i * step) : +(i * step).toPrecision(9));
      return found;
    }
    // Far outside, a point is drawn at the same side, not so far; what isn't a number leaves a gap.
    place([x, y]) {
      return `${clamp(this.X(x), -1e4, 1e4).toFixed(2)} ${clamp(this.Y(y), -1e4, 1e4).toFixed(2)}`;
    }
    line(points, look) {
      let pen = "M";
      const path = points.map((point) => {
        if (point.some(isNaN)) return (pen = "M"), "";
        const piece = pen + this.place(point);
        pen = "L";
        return piece;
      });
      this.body += `<path class="l ${look}" d="${path.join("")}"/>`;
    }
    dots(points, look, size = 6) {
      const path = points.filter((point) => point.every(Number.isFinite)).map((point) => `M${this.place(point)}h0`);
      this.body += `<path class="d ${look}" style="stroke-width: ${size}" d="${path.join("")}"/>`;
    }
    curve(f, look, count = 160) {
      this.line(this.along(count).map((x) => [x, f(x)]), look);
    }
    // What a 2 x 2 matrix makes of the unit circle, around a centre.
    ellipse([cx, cy], [[a, b], [c, d]], look) {
      const turn = Array.from({ length: 73 }, (_, i) => (i * Math.PI) / 36);
      this.line(turn.map((t) => [cx + a * Math.cos(t) + b * Math.sin(t), cy + c * Math.cos(t) + d * Math.sin(t)]), look);
    }
    text([x, y], words, look = "", dx = 6, dy = -6) {
      this.body += `<text class="${look}" x="${(this.X(x) + dx).toFixed(2)}" y="${(this.Y(y) + dy).toFixed(2)}">${words}</text>`;
    }
    // Names of lines, in the corner at the top, or at the bottom, on the right; `still` where check boxes name them, too.
    legend(entries, atBottom, still = "") {
      const base = atBottom ? this.height - 40 - 20 * entries.length : this.top + 2;
      entries.forEach(([look, name], i) => {
        const y = base + 14 + 20 * i;
        this.body += `<g class="${still}"><path class="l key ${look}" d="M${this.width - 48} ${y - 4}h28"/><text class="end" x="${this.width - 54}" y="${y}">${maths(name, "tspan")}</text></g>`;
      });
    }
    drawing() {
      return `${this.frame}<svg ${this.box} ${this.inside}>${this.body}</svg>`;
    }
  }

  const addresses = () => {
    const found = {};
    for (const part of location.hash.slice(1).split(";")) {
      const [name, values] = part.split(":");
      if (values) found[name] = new URLSearchParams(values);
    }
    return found;
  };

  class Explorable extends HTMLElement {
    connectedCallback() {
      if (!kinds[this.getAttribute("name")]) return;
      if (this.live) return this.colour();
      this.name = this.getAttribute("name");
      this.watcher = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.start(), { rootMargin: "300px" });
      this.watcher.observe(this);
      if (addresses()[this.name]) {
        this.start();
        this.scrollIntoView({ block: "center" });
      }
    }
    disconnectedCallback() {
      this.watcher?.disconnect();
    }
    start() {
      this.watcher.disconnect();
      if (this.live) return;
      this.kind = kinds[this.name](JSON.parse(this.getAttribute("values")));
      // A control reaches as far as the value it starts at, unless that is 0 on a logarithmic one.
      this.controls = this.kind.controls.map((control) => {
        const { key, min = 0, max = 1e6, step = 1, log, value = this.kind.state[key] ?? min } = control;
        return { ...control, min: Math.min(min, log ? value || min : Math.floor(value / step) * step), max: Math.max(max, value) };
      });
      hasMaths = [...document.fonts].some(({ family }) => /Book Math/.test(family));
      const shadow = this.attachShadow({ mode: "open" });
      shadow.innerHTML = `<style>${DRAWING}${LAYOUT}</style><div class="live">
        <div class="panels">${this.kind.panels.map(([share]) => `<div class="panel" style="flex: ${share} 1 ${share * 14}rem"><svg role="img" aria-label="${this.querySelector("img").alt}"></svg></div>`).join("")}</div>
        <form>${this.inputs(true)}<div class="rest">${this.inputs()}<button type="button">${_("重置")}</button></div></form>
        <p role="status"></p></div><slot></slot>`;
      this.live = shadow.querySelector(".live");
      this.live.classList.toggle("maths", hasMaths);
      this.panels = [...shadow.querySelectorAll(".panel")];
      this.form = shadow.querySelector("form");
      this.status = shadow.querySelector("p");
      this.kind.points?.forEach((point) => this.addHandle(point));
      this.form.onsubmit = () => false;
      this.form.oninput = ({ target }) => {
        const value = target.type === "checkbox" ? +target.checked : +target.value;
        this.change({ [target.name]: this.control(target.name).log ? +(10 ** value).toPrecision(3) : value });
      };
      this.form.onclick = ({ target }) => {
        const { action } = this.control(target.value);
        if (action) this.change(action(this.state));
        else if (target.type === "button") this.reset();
      };
      new ResizeObserver(() => {
        // Hidden, as in print.
        if (!this.live.clientWidth) return;
        this.measure();
        this.later();
      }).observe(this.live);
      this.colour();
      this.measure();
      this.reset(true);
    }
    measure() {
      this.sizes = this.panels.map(({ clientWidth, offsetTop }) => [clientWidth, offsetTop]);
    }
    control(wanted) {
      return this.controls.find(({ key }) => key === wanted) || {};
    }
    colour() {
      const [r, g, b] = getComputedStyle(this).color.match(/[\d.]+/g);
      this.live.classList.toggle("dark", +r + +g + +b > 380);
    }
    // Those of the sliders, or of all others.
    inputs(areSliders) {
      return this.controls.filter(({ kind }) => !kind === !!areSliders).map((control) => this.inputFor(control)).join("");
    }
    inputFor({ kind, key, label, look, min, max, step, log, options }) {
      if (kind === "button") return `<button type="button" value="${key}">${label}</button>`;
      if (kind === "check") return `<label><input type="checkbox" name="${key}"> <svg width="28" height="8"><path class="l ${look}" d="M0 4h28"/></svg> ${maths(label)}</label>`;
      if (kind === "choice") return `<label>${label} <select name="${key}">${options.map((name, i) => `<option value="${i}">${name}</option>`).join("")}</select></label>`;
      const [low, high, by] = log ? [Math.log10(min), Math.log10(max), "any"] : [min, max, step];
      return `<label><span>${maths(label)}</span><span aria-hidden="true"></span><input type="range" name="${key}" min="${low}" max="${high}" step="${by}" aria-label="${label}"><span class="marks"></span></label>`;
    }
    addHandle(point) {
      const panel = this.panels[point.panel || 0];
      const handle = document.createElement("div");
      Object.assign(handle, { className: "handle", tabIndex: 0, role: "slider", ariaLabel: point.label });
      panel.append((point.handle = handle));
      const move = (x, y) => {
        const to = point.to(clamp(x, ...panel.axes.x), clamp(y, ...panel.axes.y), this.state);
        this.change(Object.fromEntries(Object.entries(to).map(([key, value]) => [key, +value.toPrecision(4)])));
      };
      const follow = (event) => {
        const { left, top } = panel.getBoundingClientRect();
        move(panel.axes.undoX(event.clientX - left), panel.axes.undoY(event.clientY - top));
      };
      // The mouse may be pressed anywhere on a panel with a single handle.
      panel.addEventListener("pointerdown", (event) => {
        const isMine = event.target === handle || (event.pointerType === "mouse" && handle.matches(":only-of-type"));
        if (event.button || !isMine) return;
        event.preventDefault();
        handle.focus({ focusVisible: false });
        handle.setPointerCapture(event.pointerId);
        follow(event);
      });
      handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && follow(event));
      handle.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        if (!way) return;
        event.preventDefault();
        event.stopPropagation();
        const far = event.shiftKey ? 5 : 1;
        if (point.by) return this.change(point.by(this.state, (way[0] + way[1]) * far));
        const [x, y] = point.at(this.state);
        move(x + way[0] * far * point.step[0], y + way[1] * far * point.step[1]);
      });
    }
    reset(fromAddress) {
      this.state = { ...this.kind.state };
      for (const { key, value } of this.controls) if (value !== undefined) this.state[key] = value;
      this.initial = { ...this.state };
      for (const [key, text] of (fromAddress && addresses()[this.name]) || [])
        if (Object.hasOwn(this.state, key) && text.trim() && isFinite(text)) this.state[key] = this.allowed(key, +text);
      this.kind.begin?.(this.state);
      this.change({}, fromAddress);
    }
    // The nearest value that its control has. What a handle moves, too, may lie between the steps.
    allowed(key, value) {
      const { min = -1e6, max = 1e6, step } = this.control(key);
      if (step && !(key in this.kind.state)) value = +(Math.round(value / step) * step).toPrecision(9);
      return clamp(value, min, max);
    }
    change(values, silently) {
      const before = { ...this.state };
      for (const key in values) this.state[key] = this.allowed(key, values[key]);
      this.kind.changed?.(this.state, before);
      for (const { key, log, min, words = number, marks } of this.controls) {
        const input = this.form.elements[key], value = this.state[key];
        if (!input) continue;
        if (input.type === "checkbox") input.checked = value;
        else input.value = log ? Math.log10(value || min) : value;
        if (input.type !== "range") continue;
        const spoken = words(value);
        input.setAttribute("aria-valuetext", spoken);
        input.previousElementSibling.textContent = spoken;
        // Where on the track something happens: values, each with its look.
        const places = marks?.(this.state).map(([at, look]) => [((log ? Math.log10(at) : at) - input.min) / (input.max - input.min), look]) || [];
        input.nextElementSibling.innerHTML = places.filter(([at]) => at >= 0 && at <= 1).map(([at, look]) => `<b class="${look}" style="left: ${100 * at}%"></b>`).join("");
      }
      this.later();
      if (silently || this.closest(".jp-OutputArea")) return;
      clearTimeout(this.saving);
      this.saving = setTimeout(() => this.save(), 300);
    }
    // Only what was changed stands in the address.
    save() {
      const parts = addresses();
      const changed = Object.keys(this.state).filter((key) => this.state[key] !== this.initial[key]);
      parts[this.name] = changed.map((key) => `${key}=${this.state[key]}`).join("&");
      const hash = Object.keys(parts).filter((name) => `${parts[name]}`).map((name) => `${name}:${parts[name]}`).join(";");
      history.replaceState(history.state, "", hash ? `#${hash}` : location.pathname + location.search);
    }
    later() {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = undefined;
        const more = this.step();
        if (!more || !quiet.matches) this.draw();
        if (more) this.later();
      });
    }
    // A little further with what goes on by itself, if anything does; says whether there is more of it.
    step() {
      const end = performance.now() + 5;
      let more = this.kind.step?.(this.state);
      while (more && quiet.matches && performance.now() < end) more = this.kind.step(this.state);
      return more;
    }
    draw() {
      const axes = (i, options) => {
        const [width, row] = this.sizes[i];
        return (this.panels[i].axes = new Axes(width, { row, name: this.kind.panels[i][1], ...options }));
      };
      // A sentence, or a number with its name and look.
      const words = this.kind.draw(this.state, axes).map((part) =>
        typeof part === "string" ? `<em>${maths(part)}</em>` : `<span>${maths(part[0])} <b class="${part[2] || ""}">${maths(`${part[1]}`)}</b></span>`).join("");
      for (const { axes, firstChild } of this.panels) {
        firstChild.setAttribute("width", axes.width);
        firstChild.setAttribute("height", axes.height);
        firstChild.innerHTML = axes.drawing();
      }
      for (const { handle, panel = 0, at, words } of this.kind.points || []) {
        const { axes } = this.panels[panel];
        const [x, y] = at(this.state);
        handle.style.left = `${clamp(axes.X(x), 0, axes.width)}px`;
        handle.style.top = `${clamp(axes.Y(y), 0, axes.height)}px`;
        handle.ariaValueNow = x;
        [handle.ariaValueMin, handle.ariaValueMax] = axes.x;
        handle.ariaValueText = words ? words(this.state) : _(`横 ${number(x)}，纵 ${number(y)}`);
      }
      if (this.status.innerHTML !== words) this.status.innerHTML = words;
    }
  }

  // One listener for all figures that are on the page: one of its own would keep a figure alive that has left.
  const onPage = () => [...document.querySelectorAll("gluonbook-explorable")].filter((element) => element.live);
  const colourAll = () => onPage().forEach((element) => element.colour());
  const themes = new MutationObserver(colourAll);
  for (const part of [document.documentElement, document.body]) themes.observe(part, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colourAll);
  addEventListener("hashchange", () => onPage().forEach((element) => addresses()[element.name] && element.reset(true)));

  window.gluonbookExplorables = {
    random, number,
    add(name, kind) {
      if (kinds[name]) return;
      kinds[name] = kind;
      document.querySelectorAll(`gluonbook-explorable[name="${name}"]`).forEach((element) => element.connectedCallback?.());
    },
  };
  customElements.define("gluonbook-explorable", Explorable);
}
