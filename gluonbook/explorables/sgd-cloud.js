// Many runs of stochastic gradient descent at once, as a cloud around the solution, and the ellipse that is predicted for it.
gluonbookExplorables.add("sgd-cloud", ({ features, residuals, noise_scale, learning_rate, batch_size, seed = 1 }) => {
  const { number, random } = gluonbookExplorables;
  const n = residuals.length, sizes = [1, 2, 5, 10, 20, 50, 100], runs = 300, first = [-0.008, 0.008, 0];
  const rows = features.map((row) => [...row, 1]);
  const three = [0, 1, 2], nine = three.flatMap((i) => three.map((j) => [i, j]));
  const mean = (f) => rows.reduce((sum, row, i) => sum + f(row, residuals[i]), 0) / n;
  const H = three.map((i) => three.map((j) => mean((a) => a[i] * a[j])));
  const fourth = nine.map(([i, j]) => nine.map(([k, l]) => mean((a) => a[i] * a[j] * a[k] * a[l])));
  const additive = nine.map(([i, j]) => mean((a, r) => r * r * a[i] * a[j]));
  const lowest = mean((_, r) => r * r) / 2;
  // How one update changes the mean of the products of errors, as a 9 x 9 matrix.
  const update = (eta, size) => {
    const shrink = H.map((row, i) => row.map((h, j) => (i === j) - eta * h));
    return nine.map(([i, j], p) => nine.map(([k, l], q) =>
      shrink[i][k] * shrink[j][l] + (eta ** 2 / size) * (fourth[p][q] - H[i][k] * H[j][l])));
  };
  const times = (matrix, v) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * v[i], 0));
  // What an update leaves as it is: after 2, 4, 8, ... updates, until the start is forgotten, if it ever is.
  const stationary = (eta, size) => {
    let step = update(eta, size), V = additive.map((value) => (eta ** 2 / size) * value);
    for (let k = 0; k < 24; k++) {
      V = times(step, V).map((value, p) => value + V[p]);
      step = step.map((row) => nine.map((_, q) => row.reduce((sum, value, p) => sum + value * step[p][q], 0)));
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
  const excessOf = (V) => V.reduce((sum, value, p) => sum + value * H[nine[p][0]][nine[p][1]], 0) / 2;
  let errors, draws, history, left;
  const begin = (s) => {
    errors = Array.from({ length: runs }, () => [...first]);
    draws = random(s.seed);
    history = [];
    left = 150;
    record();
  };
  const record = () => history.push(errors.reduce((sum, e) => sum + e.reduce((part, v, i) => part + v * (H[i][0] * e[0] + H[i][1] * e[1] + H[i][2] * e[2]), 0), 0) / 2 / runs);
  const advance = ({ eta, size, sigma }) => {
    const count = sizes[size];
    for (const e of errors) {
      let [p, q, r] = [0, 0, 0];
      for (let k = 0; k < count; k++) {
        const i = Math.floor(draws.even() * n), [a, b] = rows[i];
        const gap = a * e[0] + b * e[1] + e[2] - sigma * residuals[i];
        p += gap * a;
        q += gap * b;
        r += gap;
      }
      const rate = eta / count;
      e[0] -= rate * p;
      e[1] -= rate * q;
      e[2] -= rate * r;
    }
    record();
  };
  return {
    alt: "左图是 300 次随机梯度下降的参数，横轴和纵轴是两个权重与最小二乘解之差，点聚成一团，预测的椭圆正好围住这一团的大部分。右图是平均损失超出最小值的部分随迭代次数的变化，对数刻度，很快降到预测的水平线上，此后在它附近起伏。",
    panels: [1, 1],
    state: { seed },
    controls: [
      { key: "eta", label: "学习率 η", min: 0.002, max: 2, log: true, value: learning_rate },
      { key: "size", label: "批量大小", min: 0, max: 6, step: 1, value: sizes.indexOf(batch_size), words: (i) => sizes[i], unit: " 个样本" },
      { key: "sigma", label: "标签噪声的标准差", min: 0, max: 0.02, step: 0.001, value: noise_scale },
      { key: "decay", label: "学习率 ×0.1", kind: "button", action: ({ eta }) => ({ eta: Math.max(eta / 10, 0.002) }) },
      { key: "again", label: "换一个种子，重新出发", kind: "button", action: ({ seed }) => ({ seed: seed + 1 }) },
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
      const size = sizes[s.size], edge = limit(size), unit = stationary(s.eta, size);
      const cloud = axes(0, { x: [-0.012, 0.012], y: [-0.012, 0.012], equal: true, xName: "w₁ − ŵ₁", yName: "w₂ − ŵ₂" });
      const losses = axes(1, { x: [0, Math.max(150, history.length - 1)], y: [1e-9, 1], yLog: true, ratio: 1, xName: "t", yName: "f − min f" });
      cloud.dots(errors, "cloud blue", 4);
      losses.line(history.map((value, t) => [t, Math.max(value, 1e-99)]), "measured blue");
      const outside = errors.filter((e) => !(Math.abs(e[0]) < 0.012 && Math.abs(e[1]) < 0.012)).length;
      let words = `学习率超过了均方的上限 ${number(edge)}，误差的均方没有尽头。`;
      if (unit) {
        const V = unit.map((value) => value * s.sigma ** 2), [a, b, d] = [V[0], V[1], V[4]];
        const tall = Math.sqrt(a) || 1e-99, more = Math.sqrt(Math.max(d - (b / tall) ** 2, 0));
        cloud.ellipse([0, 0], [[2 * tall, 0], [(2 * b) / tall, 2 * more]], "predicted orange thick");
        const level = excessOf(V);
        losses.line([[0, Math.max(level, 1e-99)], [1e6, Math.max(level, 1e-99)]], "predicted orange thick");
        const inside = errors.filter(([u, v]) => (u / tall) ** 2 + ((v - (b / a) * u) / more) ** 2 <= 4).length;
        words = s.sigma
          ? `椭圆里有 ${number((100 * inside) / runs)}% 的点，正态分布是 86%。平均损失超出最小值的 ${number((100 * history.at(-1)) / (lowest * s.sigma ** 2))}%，预测 ${number((100 * level) / (lowest * s.sigma ** 2))}%。均方的上限是 ${number(edge)}。`
          : `标签没有噪声，点全部收缩到最小二乘解。均方的上限是 ${number(edge)}。`;
      }
      cloud.legend([["orange thick", "预测的椭圆，两倍标准差"]]);
      losses.legend([["blue", "300 次的平均"], ["orange thick", "预测"]]);
      return `${words}${outside ? `图外有 ${outside} 个点。` : ""}种子 ${s.seed}，迭代 ${history.length - 1} 次。`;
    },
  };
});
