// The plane of learning rate times eigenvalue, and momentum: where the two roots are, and what becomes of an error.
gluonbookExplorables.add("momentum-plane", ({ q, momentum, condition_number }) => {
  const { number } = gluonbookExplorables, num_updates = 60;
  const roots = (q, gamma) => {
    const half = (1 + gamma - q) / 2, rest = half * half - gamma;
    const root = Math.sqrt(Math.abs(rest));
    return rest < 0 ? [[half, root], [half, -root]] : [[half + root, 0], [half - root, 0]];
  };
  const radius = (q, gamma) => Math.max(...roots(q, gamma).map((z) => Math.hypot(...z)));
  const simulate = (q, gamma) => {
    let velocity = 0, error = 1;
    const errors = [[0, 1]];
    for (let t = 1; t <= num_updates; t++) {
      velocity = gamma * velocity + q * error;
      error -= velocity;
      errors.push([t, error]);
    }
    return errors;
  };
  return {
    alt: _("平面图的横轴是学习率乘特征值，纵轴是动量超参数，涂色的是平台，右边的斜线是收敛的边界，一根横线从最缓的方向连到最陡的方向，它的右端可以拖动。根图是单位圆和两个方向各自的两个根。误差图是两个方向的误差随步数的变化，振荡着缩小。"),
    panels: [[1.4, _("平面图")], [1, _("根图")], [2.4, _("误差图")]],
    state: { q, gamma: momentum },
    controls: [
      { key: "q", label: _("最陡的方向 ηλ"), min: 0.01, max: 4, step: 0.01, marks: ({ gamma }) => [[2 * (1 + gamma), "rose"]] },
      { key: "gamma", label: _("动量超参数 γ"), min: 0, max: 0.99, step: 0.01 },
      { key: "kappa", label: _("条件数 κ"), min: 1, max: 1000, log: true, value: condition_number },
      { key: "polyak", label: _("到 Polyak 的角上"), kind: "button", action: ({ kappa }) => {
        const rate = (Math.sqrt(kappa) - 1) / (Math.sqrt(kappa) + 1);
        return { gamma: rate ** 2, q: (1 + rate) ** 2 };
      } },
    ],
    points: [{ label: _("最陡的方向 ηλ 与动量超参数 γ"), step: [0.02, 0.01], at: (s) => [s.q, s.gamma], to: (q, gamma) => ({ q, gamma }), words: (s) => _(`ηλ = ${number(s.q)}，γ = ${number(s.gamma)}`) }],
    draw(s, axes) {
      const circle = axes(1, { x: [-1.5, 1.5], y: [-1.5, 1.5], equal: true, xName: "Re z", yName: "Im z" });
      const plane = axes(0, { x: [0, 4], y: [0, 1], ratio: 0.75, beside: circle, xName: "ηλ", yName: "γ" });
      const time = axes(2, { x: [0, num_updates], y: [-4, 4], ratio: 0.35, xName: "t", yName: "eₜ" });
      const edge = Array.from({ length: 101 }, (_, i) => i / 100);
      const plateau = [...edge.map((g) => [(1 - Math.sqrt(g)) ** 2, g]), ...edge.reverse().map((g) => [(1 + Math.sqrt(g)) ** 2, g])];
      plane.line(plateau, "plateau area thin green");
      plane.line([[2, 0], [4, 1]], "limit thick rose");
      const slow = s.q / s.kappa, ends = [[s.q, "steep", "steep blue"], [slow, "slow", "slow orange dash"]];
      plane.line([[slow, s.gamma], [s.q, s.gamma]], "spectrum thick");
      plane.dots([[slow, s.gamma]], "orange", 9);
      plane.dots([[s.q, s.gamma]], "blue", 9);
      plane.legend([["green", _("平台")], ["rose thick", "ηλ = 2(1 + γ)"]], true);
      circle.ellipse([0, 0], [[1, 0], [0, 1]], "thin muted");
      circle.ellipse([0, 0], [[Math.sqrt(s.gamma), 0], [0, Math.sqrt(s.gamma)]], "thin dot muted");
      const radii = ends.map(([q, name, look]) => {
        circle.dots(roots(q, s.gamma), `${look} root`, name === "slow" ? 11 : 7);
        time.line(simulate(q, s.gamma), look);
        return radius(q, s.gamma);
      });
      const worst = Math.max(...radii), factor = number(worst, 4);
      for (const sign of [1, -1]) time.line(Array.from({ length: num_updates + 1 }, (_, t) => [t, sign * worst ** t]), "envelope thin dot muted");
      time.legend([["blue", _("最陡的方向")], ["orange dash", _("最缓的方向")], ["dot thin muted", "±ρᵗ"]]);
      return [[_("最陡的方向"), number(radii[0], 4), "blue"], [_("最缓的方向"), number(radii[1], 4), "orange"], [_("平台的高度 √γ"), number(Math.sqrt(s.gamma), 4), "green"], [_("收敛的界限 ηλ &lt;"), number(2 * (1 + s.gamma)), "rose"],
        worst < 1 ? _(`两个方向的数是谱半径。误差每步最坏乘以 ρ = ${factor}。`) : _("两个方向的数是谱半径。有一个方向不收敛。")];
    },
  };
});
