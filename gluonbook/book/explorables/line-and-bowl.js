// A line through points, and the bowl over its two parameters: the height is half the mean of the squares of the residuals.
gluonbookExplorables.add("line-and-bowl", ({ x, y, start, learning_rate }) => {
  const { number } = gluonbookExplorables;
  const n = x.length, mean = (f) => x.reduce((sum, _, i) => sum + f(x[i], y[i]), 0) / n;
  const loss = ([w, b]) => mean((u, v) => (w * u + b - v) ** 2) / 2;
  const gradient = ([w, b]) => [mean((u, v) => (w * u + b - v) * u), mean((u, v) => w * u + b - v)];
  const [xx, x1] = [mean((u) => u * u), mean((u) => u)];
  const best = [(mean((u, v) => u * v) - x1 * mean((u, v) => v)) / (xx - x1 * x1)];
  best[1] = mean((u, v) => v) - best[0] * x1;
  const root = Math.sqrt(xx), rest = Math.sqrt(1 - (x1 * x1) / xx);
  // Two over the largest eigenvalue.
  const edge = 4 / (xx + 1 + Math.hypot(xx - 1, 2 * x1));
  let trail = [], isStep = false;
  return {
    alt: _("直线图是散点和一条直线，每个点到直线的竖直距离上立着一个正方形。等高线图是以直线的斜率 w 和截距 b 为坐标的等高线，椭圆一圈圈围着最低点；直线是其中的一个点，从它伸出两根线，一根沿梯度指向上坡，一根沿负梯度走下一步。"),
    panels: [[1, _("直线图")], [1, _("等高线图")]],
    state: { w: start[0], b: start[1] },
    controls: [
      { key: "eta", label: _("学习率 η"), min: 0.01, max: 2, step: 0.01, value: learning_rate, marks: () => [[edge, "rose"]] },
      { key: "go", label: _("沿负梯度走一步"), kind: "button", action: ({ w, b, eta }) => {
        const [gw, gb] = gradient([w, b]);
        isStep = true;
        return { w: w - eta * gw, b: b - eta * gb };
      } },
    ],
    points: [
      { label: _("直线的截距"), at: (s) => [0, s.b], to: (_, v) => ({ b: v }), step: [0, 0.1], words: (s) => `b = ${number(s.b)}` },
      { label: _("直线的斜率"), at: (s) => [2, 2 * s.w + s.b], to: (_, v, s) => ({ w: (v - s.b) / 2 }), step: [0, 0.2], words: (s) => `w = ${number(s.w)}` },
      { panel: 1, label: _("碗上的点"), at: (s) => [s.w, s.b], to: (w, b) => ({ w, b }), step: [0.1, 0.1] },
    ],
    begin: () => (trail = []),
    changed(s, before) {
      if (s.w !== before.w || s.b !== before.b) trail = isStep ? [...trail, [before.w, before.b]] : [];
      isStep = false;
    },
    draw(s, axes) {
      const here = [s.w, s.b], [gw, gb] = gradient(here), height = loss(here), lowest = loss(best);
      const bowl = axes(1, { x: [-8, 4], y: [-3, 9], equal: true, xName: "w", yName: "b" });
      const plane = axes(0, { x: [-3, 3], y: [-9, 17], ratio: 1, beside: bowl, xName: "x", yName: "y" });
      x.forEach((u, i) => {
        const [a, top, foot] = [plane.X(u), plane.Y(y[i]), plane.Y(s.w * u + s.b)];
        const side = (foot - top) * (s.w > 0 ? -1 : 1);
        plane.body += `<path class="area thin orange" d="M${a.toFixed(2)} ${foot.toFixed(2)}V${top.toFixed(2)}h${side.toFixed(2)}V${foot.toFixed(2)}Z"/>`;
      });
      plane.curve((u) => s.w * u + s.b, "model thick", 1);
      plane.dots(x.map((u, i) => [u, y[i]]), "blue", 7);
      const level = (more, look) => {
        const r = Math.sqrt(2 * more);
        bowl.ellipse(best, [[r / root, (-r * x1) / (xx * rest)], [0, r / rest]], look);
      };
      for (let i = 1; i < 9; i++) level(i * i, "thin faint");
      level(height - lowest, "level orange");
      const tip = [s.w - s.eta * gw, s.b - s.eta * gb];
      bowl.line([here, [s.w + gw / 2, s.b + gb / 2]], "gradient rose dash");
      bowl.line([here, tip], "step green thick");
      bowl.dots([tip], "green", 8);
      bowl.line([...trail, here], "trail thin");
      bowl.dots([...trail, here], "", 5);
      bowl.dots([best], "blue", 8);
      bowl.legend([["rose dash", _("梯度的方向，上坡")], ["green thick", _("下一步")]], true);
      return [[_("平均损失"), number(height), "orange"], [_("最低"), number(lowest), "blue"], [_("下一步之后"), number(loss(tip)), "green"], [_("梯度"), `(${number(gw)}, ${number(gb)})`, "rose"], [_("学习率的上限"), number(edge)],
        _("正方形的面积平均起来再取一半，就是碗在这一点的高度：平均损失。")];
    },
  };
});
