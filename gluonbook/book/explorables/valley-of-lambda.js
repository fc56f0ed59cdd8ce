// Ridge regression's expected test loss against the weight decay: two arms and a valley between, at a place that is predicted.
// There is a row for each number of examples: eigenvalues, and along their directions the true weights and the features' mean.
gluonbookExplorables.add("valley-of-lambda", ({ num_examples, noise_scale, weight_decay, num_train, ...parts }) => {
  const { number, random } = gluonbookExplorables;
  const ends = [Math.min(1e-3, weight_decay || 1e-3), Math.max(100, weight_decay)];
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return {
    alt: "横轴是 λ，对数刻度，纵轴是测试损失。期望的测试损失呈 U 形，左臂与随 λ 下降的方差的一半相近，右臂与随 λ 上升的统计偏差的平方的一半相近，最低点在预测的竖线旁边；换一份噪声，虚线的低谷挪到附近。",
    panels: [1],
    state: {},
    controls: [
      { key: "wd", label: "权重衰减 λ", min: ends[0], max: ends[1], log: true, value: weight_decay },
      { key: "sigma", label: "噪声的标准差 σ", min: 0.1, max: 2, step: 0.05, value: noise_scale },
      { key: "n", label: "训练样本", min: 0, max: num_examples.length - 1, step: 1, value: num_examples.indexOf(num_train), words: (i) => num_examples[i], unit: " 个" },
      { key: "seed", label: "换一份噪声", kind: "button", step: 1, value: 1, action: ({ seed }) => ({ seed: seed + 1 }) },
    ],
    points: [{ label: "权重衰减 λ", step: [0, 0], words: (s) => `λ = ${number(s.wd)}`, at: (s) => [s.wd, 0], to: (wd) => ({ wd }), by: (s, way) => ({ wd: s.wd * 10 ** (way / 20) }) }],
    draw(s, axes) {
      const n = num_examples[s.n], [values, weights, means] = ["eigenvalues", "weights", "means"].map((key) => parts[key][s.n]), d = weights.length;
      const eigenvalues = values.map((v) => Math.max(v, 1e-12));
      const floor = s.sigma ** 2 / 2;
      const { normal } = random(s.seed);
      // What the noise of the labels does along each direction, and its mean.
      const push = eigenvalues.map((v) => Math.sqrt(v / n) * s.sigma * normal()), lift = (s.sigma * normal()) / Math.sqrt(n);
      const bias = (wd) => {
        const off = weights.map((a, j) => (-wd * a) / (eigenvalues[j] + wd));
        return (sum(off.map((v) => v * v)) + sum(off.map((v, j) => v * means[j])) ** 2) / 2;
      };
      const variance = (wd) => ((s.sigma ** 2 / n) * (1 + sum(eigenvalues.map((v, j) => ((1 + means[j] ** 2) * v) / (v + wd) ** 2)))) / 2;
      const expected = (wd) => floor + bias(wd) + variance(wd);
      const drawn = (wd) => {
        const off = eigenvalues.map((v, j) => (push[j] - wd * weights[j]) / (v + wd));
        return floor + (sum(off.map((v) => v * v)) + (lift - sum(off.map((v, j) => v * means[j]))) ** 2) / 2;
      };
      const predicted = (d * s.sigma ** 2) / (n * sum(weights.map((a) => a * a)));
      const plot = axes(0, { x: ends, y: [0, 5], xLog: true, ratio: 0.5, xName: "λ", yName: "测试损失" });
      plot.line([[predicted, 0], [predicted, 5]], "valley muted");
      plot.line(ends.map((wd) => [wd, floor]), "floor dot muted");
      plot.curve(bias, "bias green");
      plot.curve(variance, "variance purple dash");
      plot.curve(drawn, "drawn orange dash thin");
      plot.curve(expected, "expected orange thick");
      plot.dots([[s.wd, expected(s.wd)]], "orange", 11);
      plot.line([[s.wd, 0], [s.wd, expected(s.wd)]], "thin orange");
      plot.legend([["orange thick", "测试损失的期望"], ["orange dash thin", "这份噪声的测试损失"], ["purple dash", "方差的一半"], ["green", "统计偏差的平方的一半"], ["dot muted", "噪声下限"], ["muted", "预测的最低点"]]);
      const grid = plot.along(500), lowest = (f) => grid.reduce((best, wd) => (f(wd) < f(best) ? wd : best));
      return `预测的最低点 λ = <b>${number(predicted)}</b>，期望的最低点在 ${number(lowest(expected))}，这份噪声（种子 ${s.seed}）的在 ${number(lowest(drawn))}。λ = ${number(s.wd)} 时，测试损失的期望是 ${number(expected(s.wd))}，其中方差的一半 ${number(variance(s.wd))}，统计偏差的平方的一半 ${number(bias(s.wd))}。`;
    },
  };
});
