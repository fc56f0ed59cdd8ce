// A valley, and three ways down: gradient descent, momentum (heavy ball) and Nesterov's, with the same learning rate.
gluonbookExplorables.add("momentum-valley", ({ eigenvalues, start, learning_rate, momentum }) => {
  const { number } = gluonbookExplorables;
  const steepest = Math.max(...eigenvalues), num_updates = 20, limit = 1000, isUp = eigenvalues[1] === steepest;
  const curvatures = (kappa) => (isUp ? [steepest / kappa, steepest] : [steepest, steepest / kappa]);
  const ways = [["gd", _("梯度下降"), "indigo dash"], ["heavy", _("动量法"), "orange thick"], ["nag", _("Nesterov 动量"), "purple dash"]];
  // As MXNet updates: with Nesterov's momentum, the point is the one ahead, where the gradient is taken.
  const run = (way, { x, y, eta, gamma, kappa }) => {
    const point = [x, y], velocity = [0, 0], keep = way === "gd" ? 0 : gamma;
    const trace = [[x, y]];
    for (let t = 0; t < limit && Math.hypot(...point) < 1e9; t++) {
      curvatures(kappa).forEach((curvature, i) => {
        const push = eta * curvature * point[i];
        velocity[i] = keep * velocity[i] + push;
        point[i] -= way === "nag" ? keep * velocity[i] + push : velocity[i];
      });
      trace.push([...point]);
    }
    return trace;
  };
  const stays = (distances) => {
    const count = distances.findLastIndex((distance) => distance > 0.01) + 1;
    return count < distances.length ? (count === 1 ? _("1 步") : _(`${count} 步`)) : distances.at(-1) > 1 ? _("发散") : _(`${limit} 步还不够`);
  };
  return {
    alt: _("轨迹图是狭长山谷的等高线，折线从可以拖动的起点出发：梯度下降的虚线上下振荡着缓缓前进，动量法的实线振荡几次便到了最低点附近。误差图是误差与起点的误差之比随步数的变化，对数刻度，动量法降得更快。"),
    panels: [[1.7, _("轨迹图")], [1, _("误差图")]],
    state: { x: start[0], y: start[1] },
    controls: [
      { key: "eta", label: _("学习率 η"), min: 0.01, max: 1, step: 0.01, value: learning_rate, marks: ({ gamma }) => [[2 / steepest, "indigo"], [(2 * (1 + gamma)) / steepest, "orange"]] },
      { key: "gamma", label: _("动量超参数 γ"), min: 0, max: 0.99, step: 0.01, value: momentum },
      { key: "kappa", label: _("条件数 κ"), min: 1, max: 1000, log: true, value: steepest / Math.min(...eigenvalues) },
      ...ways.map(([key, label, look], i) => ({ key, label, look, kind: "check", min: 0, max: 1, step: 1, value: +(i < 2) })),
    ],
    points: [{ label: _("起点"), step: [0.1, 0.1], at: (s) => [s.x, s.y], to: (x, y) => ({ x, y }) }],
    draw(s, axes) {
      const valley = axes(0, { x: [-6, 4], y: [-3.5, 3.5], equal: true, xName: "x₁", yName: "x₂" });
      const errors = axes(1, { x: [0, 60], y: [1e-4, 10], yLog: true, beside: valley, xName: "t", yName: "‖x‖ / ‖x₀‖" });
      const [wide, tall] = curvatures(s.kappa).map((curvature) => 0.45 * Math.sqrt(steepest / curvature));
      for (let i = 1; i < 9; i++) valley.ellipse([0, 0], [[i * wide, 0], [0, i * tall]], "thin faint");
      errors.line([[0, 0.01], [60, 0.01]], "thin dot muted");
      const length = Math.hypot(s.x, s.y) || 1;
      const found = ways.filter(([key]) => s[key]).map(([key, name, look]) => {
        const trace = run(key, s);
        const distances = trace.map((point) => Math.hypot(...point) / length);
        valley.line(trace.slice(0, num_updates + 1), `${key} ${look}`);
        valley.dots(trace.slice(0, num_updates + 1), look, key === "heavy" ? 6 : 4);
        errors.line(distances.slice(0, 61).map((distance, t) => [t, distance]), `${key} ${look}`);
        return [name, stays(distances), `${key} ${look}`];
      });
      valley.legend(ways.filter(([key]) => s[key]).map(([, name, look]) => [look, name]), false, "still");
      return [...found, [_("梯度下降的上限"), number(2 / steepest), "indigo"], [_("动量法的上限"), number((2 * (1 + s.gamma)) / steepest), "orange"],
        _(`步数：误差缩小到 1%（误差图里的点线）要走几步。轨迹图画出前 ${num_updates} 步。`)];
    },
  };
});
