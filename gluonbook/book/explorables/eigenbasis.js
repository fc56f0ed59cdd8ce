// Gradient descent in a valley that lies askew: along each eigenvector, an error of its own.
gluonbookExplorables.add("eigenbasis", ({ hessian, start, learning_rate }) => {
  const { number } = gluonbookExplorables;
  const [[a, b], [, d]] = hessian, gap = Math.hypot((a - d) / 2, b), num_updates = 30;
  const values = [(a + d) / 2 - gap, (a + d) / 2 + gap], turn = Math.atan2(2 * b, a - d) / 2;
  const vectors = [[-Math.sin(turn), Math.cos(turn)], [Math.cos(turn), Math.sin(turn)]];
  const along = (v, [x, y]) => v[0] * x + v[1] * y;
  const names = [_("最缓的方向"), _("最陡的方向")], looks = ["orange", "blue dash"];
  return {
    alt: _("轨迹图是斜放的椭圆等高线，折线从可以拖动的起点出发，左右折返着走向中心；过中心的两根线是两个特征方向。分量图是误差沿两个特征方向的分量的绝对值，对数刻度，各是一条直线，斜率不同。"),
    panels: [[1, _("轨迹图")], [1, _("分量图")]],
    state: { x: start[0], y: start[1] },
    controls: [{ key: "eta", label: _("学习率 η"), min: 0.01, max: 0.7, step: 0.01, value: learning_rate, marks: () => values.map((value, k) => [2 / value, looks[k]]) }],
    points: [{ label: _("起点"), step: [0.1, 0.1], at: (s) => [s.x, s.y], to: (x, y) => ({ x, y }) }],
    draw(s, axes) {
      const points = [[s.x, s.y]];
      for (let t = 0; t < num_updates; t++) {
        const [x, y] = points[t];
        points.push([x - s.eta * (a * x + b * y), y - s.eta * (b * x + d * y)]);
      }
      const plane = axes(0, { x: [-5, 5], y: [-5, 5], equal: true, xName: "x₁", yName: "x₂" });
      const parts = axes(1, { x: [0, num_updates], y: [1e-5, 100], yLog: true, beside: plane, xName: "t", yName: "|e|" });
      for (let i = 1; i < 8; i++)
        plane.ellipse([0, 0], [0, 1].map((row) => [0, 1].map((k) => (1.5 * i * vectors[k][row]) / Math.sqrt(values[k]))), "thin faint");
      const words = vectors.flatMap((v, k) => {
        plane.line([-9, 9].map((r) => [r * v[0], r * v[1]]), `thin ${looks[k]}`);
        parts.line(points.map((point, t) => [t, Math.abs(along(v, point)) || NaN]), `part ${looks[k]}`);
        return [[`${names[k]} λ =`, number(values[k]), looks[k]], [_("每步乘以"), number(1 - s.eta * values[k]), looks[k]]];
      });
      const limit = number(2 / values[1]), reach = along(vectors[1], points[0]);
      plane.line([points[0], points[0].map((value, i) => value - reach * vectors[1][i])], "dot muted");
      plane.line(points, "gd indigo");
      plane.dots(points, "indigo", 5);
      plane.legend(names.map((name, k) => [looks[k], name]));
      parts.legend(names.map((name, k) => [looks[k], name]));
      return [...words, s.eta * values[1] < 2
        ? _(`学习率的上限 2/λ<sub>max</sub> = ${limit}。`)
        : _(`学习率的上限 2/λ<sub>max</sub> = ${limit}，超过了，最陡的方向发散，最缓的方向照样收敛。`)];
    },
  };
});
