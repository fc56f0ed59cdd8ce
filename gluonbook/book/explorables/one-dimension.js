// Gradient descent in one variable, on a parabola and on a curve with two valleys.
gluonbookExplorables.add("one-dimension", ({ start, learning_rate }) => {
  const { number } = gluonbookExplorables, num_updates = 10;
  const functions = [
    { f: (x) => x * x, slope: (x) => 2 * x, bend: () => 2, valleys: [0], ends: [-6, 6], top: 36 },
    { f: (x) => x ** 4 / 4 - x * x + x / 4, slope: (x) => x ** 3 - 2 * x + 1 / 4, bend: (x) => 3 * x * x - 2, valleys: [-1.473, 1.347], ends: [-2.4, 2.4], top: 3.4, low: -2 },
  ];
  const trace = (s, count) => {
    const points = [s.x];
    for (let t = 0; t < count; t++) points.push(points[t] - s.eta * functions[s.f].slope(points[t]));
    return points;
  };
  return {
    alt: _("抛物线上从左侧出发的轨迹，学习率合适时几步就到谷底。图上的起点可以左右拖动。"),
    panels: [[1]],
    state: { x: start },
    controls: [
      { key: "eta", label: _("学习率 η"), min: 0.01, max: 1.2, step: 0.01, value: learning_rate, marks: ({ f }) => functions[f].valleys.map((x) => [2 / functions[f].bend(x), "rose"]) },
      { key: "f", label: _("函数"), kind: "choice", options: ["f(x) = x²", "f(x) = x⁴/4 − x² + x/4"], value: 0, min: 0, max: 1, step: 1 },
    ],
    points: [{ label: _("起点"), step: [0.1, 0], at: (s) => [s.x, functions[s.f].f(s.x)], to: (x) => ({ x }), words: (s) => `x = ${number(s.x)}` }],
    changed(s, before) {
      if (s.f !== before.f && before.f !== undefined) s.x = s.f ? -2 : start;
    },
    draw(s, axes) {
      const { f, bend, ends, top, low = -2 } = functions[s.f];
      const plot = axes(0, { x: ends, y: [low, top], ratio: 0.5, xName: "x", yName: "f(x)" });
      plot.curve(f, "thin muted");
      const points = trace(s, num_updates);
      plot.line(points.map((x) => [x, f(x)]), "gd indigo");
      plot.dots(points.map((x) => [x, f(x)]), "indigo", 7);
      const long = trace(s, 2000), end = long.at(-1), before = long.at(-2);
      const curved = bend(isFinite(end) ? end : s.x);
      const factor = 1 - s.eta * curved;
      let fate = _("发散"), words = _("最后每一步都落到更高的地方。"), about = "–";
      if (Math.abs(end - before) < 1e-6) {
        fate = `x = ${number(Math.abs(end) < 1e-6 ? 0 : end)}`;
        about = number(factor);
        const limit = number(2 / curved), way = factor > 0.9 ? _("慢慢挪。") : factor > 0.05 ? _("从一侧走近。") : factor > -0.05 ? _("几乎一步就到。") : _("左右来回，越来越近。");
        words = _(`那里的曲率 f″ 是 ${number(curved)}，学习率的上限 2/f″ 是 ${limit}。${way}`);
      } else if (Math.abs(end) < 1e3) [fate, words] = [_("不停"), _("没有发散，也停不下来，在一段里跳来跳去。")];
      return [[_(`${num_updates} 步之后 x =`), number(points.at(-1)), "indigo"], [_("长久下去"), fate], [_("误差每步乘以"), about], words];
    },
  };
});
