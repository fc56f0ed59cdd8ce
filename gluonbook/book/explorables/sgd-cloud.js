// Many runs of stochastic gradient descent at once, as a cloud around the solution, and the ellipse that is predicted for it.
gluonbookExplorables.add("sgd-cloud", ({ design: rows, residuals, label_noise, learning_rate, batch_size }) => {
  const { number, random } = gluonbookExplorables;
  const n = residuals.length, sizes = [...new Set([1, 2, 5, 10, 20, 50, 100, batch_size])].sort((a, b) => a - b), runs = 300, d = rows[0].length;
  const unit = label_noise || 0.01, reach = 1.2 * unit;
  const each = rows[0].map((_, i) => i), pairs = each.flatMap((i) => each.map((j) => [i, j]));
  const mean = (f) => rows.reduce((sum, row, i) => sum + f(row, residuals[i]), 0) / n;
  const H = each.map((i) => each.map((j) => mean((a) => a[i] * a[j])));
  const fourth = pairs.map(([i, j]) => pairs.map(([k, l]) => mean((a) => a[i] * a[j] * a[k] * a[l])));
  const additive = pairs.map(([i, j]) => mean((a, r) => r * r * a[i] * a[j]));
  const lowest = mean((_, r) => r * r) / 2;
  // How one update changes the mean of the products of errors, as a matrix.
  const update = (eta, size) => {
    const shrink = H.map((row, i) => row.map((h, j) => (i === j) - eta * h));
    return pairs.map(([i, j], p) => pairs.map(([k, l], q) =>
      shrink[i][k] * shrink[j][l] + (eta ** 2 / size) * (fourth[p][q] - H[i][k] * H[j][l])));
  };
  const times = (matrix, v) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * v[i], 0));
  // What an update leaves as it is: after 2, 4, 8, ... updates, until the start is forgotten, if it ever is.
  const stationary = (eta, size) => {
    let step = update(eta, size), V = additive.map((value) => (eta ** 2 / size) * value);
    for (let k = 0; k < 40; k++) {
      V = times(step, V).map((value, p) => value + V[p]);
      step = step.map((row) => pairs.map((_, q) => row.reduce((sum, value, p) => sum + value * step[p][q], 0)));
    }
    return Math.abs(step[0][0]) < 0.1 && V;
  };
  const limits = {};
  const limit = (size) => {
    let [low, high] = [0, 4];
    while (!limits[size] && high - low > 1e-3) {
      const middle = (low + high) / 2;
      if (stationary(middle, size)) low = middle;
      else high = middle;
    }
    return (limits[size] ??= low);
  };
  const excessOf = (V) => V.reduce((sum, value, p) => sum + value * H[pairs[p][0]][pairs[p][1]], 0) / 2;
  let errors, draws, history, left;
  const begin = (s) => {
    errors = Array.from({ length: runs }, () => each.map((i) => [-0.8, 0.8, 0][i] * unit));
    draws = random(s.seed);
    history = [];
    left = 150;
    record();
  };
  const dot = (a, e) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += a[j] * e[j];
    return sum;
  };
  const record = () => history.push(errors.reduce((sum, e) => sum + e.reduce((part, v, i) => part + v * dot(H[i], e), 0), 0) / 2 / runs);
  const advance = ({ eta, size, sigma }) => {
    const count = sizes[size];
    for (const e of errors) {
      const push = each.map(() => 0);
      for (let k = 0; k < count; k++) {
        const i = Math.floor(draws.even() * n), row = rows[i];
        const gap = dot(row, e) - sigma * residuals[i];
        for (let j = 0; j < d; j++) push[j] += gap * row[j];
      }
      for (let j = 0; j < d; j++) e[j] -= (eta / count) * push[j];
    }
    record();
  };
  return {
    alt: _("参数图是 300 次随机梯度下降的参数，横轴和纵轴是两个权重与最小二乘解之差，点聚成一团，预测的椭圆正好围住这一团的大部分。损失图是平均损失超出最小值的部分随迭代次数的变化，对数刻度，很快降到预测的水平线上，此后在它附近起伏。"),
    panels: [[1, _("参数图")], [1, _("损失图")]],
    state: {},
    controls: [
      { key: "eta", label: _("学习率 η"), min: 0.002, max: 2, log: true, value: learning_rate, marks: ({ size }) => [[limit(sizes[size]), "orange"]] },
      { key: "size", label: _("批量大小"), min: 0, max: sizes.length - 1, step: 1, value: sizes.indexOf(batch_size), words: (i) => (sizes[i] === 1 ? _("1 个样本") : _(`${sizes[i]} 个样本`)) },
      { key: "sigma", label: _("标签噪声的标准差"), min: 0, max: 2 * unit, step: unit / 10, value: label_noise },
      { key: "decay", label: _("学习率 ×0.1"), kind: "button", action: ({ eta }) => ({ eta: eta / 10 }) },
      { key: "seed", label: _("换一个种子，重新出发"), kind: "button", step: 1, value: 1, action: ({ seed }) => ({ seed: seed + 1 }) },
    ],
    begin,
    changed(s, before) {
      if (s.seed !== before.seed) begin(s);
      left = Math.max(left, 150);
    },
    step(s) {
      for (let i = 0; i < 2 && left > 0; i++, left--) advance(s);
      return left > 0;
    },
    draw(s, axes) {
      const size = sizes[s.size], edge = limit(size), settled = stationary(s.eta, size);
      const cloud = axes(0, { x: [-reach, reach], y: [-reach, reach], equal: true, xName: _("w₁ 的误差"), yName: _("w₂ 的误差") });
      const losses = axes(1, { x: [0, Math.max(150, history.length - 1)], y: [1e-5 * unit * unit, 1e4 * unit * unit], yLog: true, beside: cloud, xName: "t", yName: "f − min f" });
      cloud.dots(errors, "cloud blue", 4);
      losses.line(history.map((value, t) => [t, Math.max(value, 1e-99)]), "measured blue");
      const updates = history.length - 1, outside = errors.filter((e) => !(Math.abs(e[0]) < reach && Math.abs(e[1]) < reach)).length;
      const percent = (value) => s.sigma && lowest ? `${number((100 * value) / (lowest * s.sigma ** 2))}%` : number(value);
      let inside = "–", expected = "∞", words = _("学习率超过了均方的上限，误差的均方没有尽头。");
      if (settled) {
        const V = settled.map((value) => value * s.sigma ** 2), [a, b, c] = [V[0], V[1], V[d + 1]];
        const tall = Math.sqrt(a) || 1e-99, more = Math.sqrt(Math.max(c - (b / tall) ** 2, 0));
        cloud.ellipse([0, 0], [[2 * tall, 0], [(2 * b) / tall, 2 * more]], "predicted orange thick");
        const level = excessOf(V);
        losses.line([[0, Math.max(level, 1e-99)], [1e6, Math.max(level, 1e-99)]], "predicted orange thick");
        inside = s.sigma ? `${number((100 * errors.filter(([u, v]) => (u / tall) ** 2 + ((v - (b / a) * u) / more) ** 2 <= 4).length) / runs)}%` : "–";
        expected = percent(level);
        words = s.sigma ? _("正态分布有 86% 的点落在椭圆里。") : _("标签没有噪声，点全部收缩到最小二乘解。");
      }
      cloud.legend([["orange thick", _("预测的椭圆，两倍标准差")]]);
      losses.legend([["blue", _("300 次的平均")], ["orange thick", _("预测")]]);
      return [[_("超出最小值"), percent(history.at(-1)), "blue"], [_("预测"), expected, "orange"], [_("椭圆里的点"), inside, "orange"], [_("均方的上限是"), number(edge)], [_("种子与迭代"), _(`${s.seed}, ${updates} 次`)],
        outside ? _(`${words}图外有 ${outside} 个点。`) : words];
    },
  };
});
