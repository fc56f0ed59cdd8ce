// Ridge regression's expected test loss against the weight decay: two arms and a valley between, at a place that is predicted.
// There is a row for each number of examples: eigenvalues, and along their directions the true weights and the features' mean.
gluonbookExplorables.add("valley-of-lambda", ({ num_examples, noise_scale, weight_decay, num_train, ...parts }) => {
  const { number, random } = gluonbookExplorables;
  const ends = [Math.min(1e-3, weight_decay || 1e-3), Math.max(100, weight_decay)];
  const lines = [["expected", _("测试损失的期望"), "orange thick"], ["drawn", _("这份噪声的测试损失"), "orange dash thin"], ["variance", _("方差的一半"), "purple dash"], ["bias", _("统计偏差的平方的一半"), "green"], ["floor", _("噪声下限"), "dot muted"], ["valley", _("预测的最低点"), "muted"]];
  const predicted = (s) => (weights => (weights.length * s.sigma ** 2) / (num_examples[s.n] * sum(weights.map((a) => a * a))))(parts.weights[s.n]);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return {
    alt: _("横轴是 λ，对数刻度，纵轴是测试损失。期望的测试损失呈 U 形，左臂与随 λ 下降的方差的一半相近，右臂与随 λ 上升的统计偏差的平方的一半相近，最低点在预测的竖线旁边；换一份噪声，虚线的低谷挪到附近。"),
    panels: [[1]],
    state: {},
    controls: [
      { key: "wd", label: _("权重衰减 λ"), min: ends[0], max: ends[1], log: true, value: weight_decay, marks: (s) => [[predicted(s), "faint"]] },
      { key: "sigma", label: _("噪声的标准差 σ"), min: 0.1, max: 2, step: 0.05, value: noise_scale },
      { key: "n", label: _("训练样本"), min: 0, max: num_examples.length - 1, step: 1, value: num_examples.indexOf(num_train), words: (i) => _(`${num_examples[i]} 个`) },
      { key: "seed", label: _("换一份噪声"), kind: "button", step: 1, value: 1, action: ({ seed }) => ({ seed: seed + 1 }) },
      ...lines.map(([key, label, look]) => ({ key, label, look, kind: "check", min: 0, max: 1, step: 1, value: 1 })),
    ],
    points: [{ label: _("权重衰减 λ"), step: [0, 0], words: (s) => `λ = ${number(s.wd)}`, at: (s) => [s.wd, 0], to: (wd) => ({ wd }), by: (s, way) => ({ wd: s.wd * 10 ** (way / 20) }) }],
    draw(s, axes) {
      const n = num_examples[s.n], [values, weights, means] = ["eigenvalues", "weights", "means"].map((key) => parts[key][s.n]), d = weights.length;
      const eigenvalues = values.map((v) => Math.max(v, 1e-12));
      const floor = s.sigma ** 2 / 2;
      const { normal } = random(s.seed);
      // What the noise of the labels does along each direction, and its mean.
      const push = eigenvalues.map((v) => Math.sqrt(v / n) * s.sigma * normal()), lift = (s.sigma * normal()) / Math.sqrt(n);
      const plot = axes(0, { x: ends, y: [0, 5], xLog: true, ratio: 0.5, xName: "λ", yName: _("测试损失") });
      const at = (wd) => {
        let bias = 0, biasMean = 0, drawn = 0, drawnMean = lift, spread = 1;
        for (let j = 0; j < d; j++) {
          const v = eigenvalues[j], m = means[j], off = (-wd * weights[j]) / (v + wd), moved = off + push[j] / (v + wd);
          bias += off * off;
          biasMean += off * m;
          drawn += moved * moved;
          drawnMean -= moved * m;
          spread += ((1 + m * m) * v) / (v + wd) ** 2;
        }
        bias = (bias + biasMean ** 2) / 2;
        const variance = ((s.sigma ** 2 / n) * spread) / 2;
        return { wd, bias, variance, expected: floor + bias + variance, drawn: floor + (drawn + drawnMean ** 2) / 2, floor };
      };
      const found = plot.along(320).map(at), here = at(s.wd), valley = predicted(s);
      const lowest = (key) => number(found.reduce((best, one) => (one[key] < best[key] ? one : best)).wd);
      for (const [key, , look] of [...lines].reverse().filter(([key]) => s[key]))
        plot.line(key === "valley" ? [[valley, 0], [valley, 5]] : found.filter((_, i) => i % 2 === 0).map((one) => [one.wd, one[key]]), `${key} ${look}`);
      plot.dots([[s.wd, here.expected]], "orange", 11);
      plot.line([[s.wd, 0], [s.wd, here.expected]], "thin orange");
      plot.legend(lines.map(([, name, look]) => [look, name]), false, "still");
      return [[_("预测的最低点 λ ="), number(valley)], [_("期望的最低点在"), lowest("expected"), "orange"], [_(`这份噪声（种子 ${s.seed}）的在`), lowest("drawn"), "orange"],
        [_(`λ = ${number(s.wd)} 时的期望`), number(here.expected), "orange"], [_("方差的一半"), number(here.variance), "purple"], [_("统计偏差的平方的一半"), number(here.bias), "green"]];
    },
  };
});
