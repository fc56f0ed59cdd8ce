// Test loss against the number of features, by the formula for many examples: the peak, and how decay takes it away.
gluonbookExplorables.add("double-descent", ({ num_train, num_causes, reading_noise, noise_scale, weight_decay, measured }) => {
  const { number } = gluonbookExplorables;
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  // Directions that are alike: how many, the features' variance along them, the squared weights; and what no feature tells of the label.
  const unrelated = (d) => [[[d, 1, 1]], 0];
  const readings = (d) => {
    const groups = [[Math.max(d - num_causes, 0), reading_noise ** 2, 0]], fewest = Math.floor(d / num_causes), more = d % num_causes;
    let told = 0;
    for (const [causes, times] of [[more, fewest + 1], [num_causes - more, fewest]]) {
      const share = causes / num_causes, variance = times + reading_noise ** 2;
      if (!causes || !times) continue;
      groups.push([causes, variance, (share * times) / variance ** 2]);
      told += (share * times) / variance;
    }
    return [groups, 1 - told];
  };
  const excess = ([groups, untold], sigma, wd) => {
    // The decay that is felt: what is drawn can't be told apart by n examples either.
    let low = -28, high = 14;
    for (let i = 0; i < 45; i++) {
      const middle = (low + high) / 2, felt = Math.exp(middle);
      if (sum(groups.map(([count, s]) => (count * s) / (s + felt))) + (num_train * wd) / felt > num_train) low = middle;
      else high = middle;
    }
    const felt = Math.exp(low);
    const spread = sum(groups.map(([count, s]) => count * (s / (s + felt)) ** 2)) / num_train;
    const bias = sum(groups.map(([, s, weights]) => s * weights * (felt / (s + felt)) ** 2));
    return ((bias + untold + sigma ** 2) / (1 - spread) - sigma ** 2) / 2;
  };
  const wds = [0, ...Array.from({ length: 33 }, (_, i) => 10 ** (-3 + i / 8))];
  const lowest = (parts, sigma) => wds.reduce((best, wd) => { const there = excess(parts, sigma, wd); return there < best[1] ? [wd, there] : best; }, [0, Infinity]);
  const said = (value) => number(value > 1e5 ? Infinity : value < 1e-6 ? 0 : value);
  const bests = {}, size = (ratio) => Math.max(1, Math.round(ratio * num_train)), partsOf = (s) => (s.kind ? readings : unrelated);
  const best = (s, d) => (bests[[s.kind, s.sigma, d]] ??= lowest(partsOf(s)(d), s.sigma));
  return {
    alt: _("横轴是特征数与样本数之比 d/n，纵轴是测试损失超出噪声下限的部分，都是对数刻度。不衰减的曲线先升高，在 d/n = 1 处冲出图外，再降下来；圆点是测得的中位数，落在曲线附近。每个 d 都取最好的 λ 时，虚线没有峰。"),
    panels: [[1]],
    state: {},
    controls: [
      { key: "ratio", label: _("特征数是样本数的"), min: 0.05, max: 10, log: true, value: 1, words: (ratio) => _(`${number(ratio)} 倍`), marks: () => [[1, "rose"]] },
      { key: "wd", label: _("权重衰减 λ"), min: 0, max: 1, step: 0.01, value: weight_decay, marks: (s) => [[best(s, size(s.ratio))[0], "blue"]] },
      { key: "sigma", label: _("噪声的标准差 σ"), min: 0, max: 1, step: 0.05, value: noise_scale },
      { key: "kind", label: _("特征"), kind: "choice", options: [_("各不相干"), _("几个原因的许多读数")], value: 0, min: 0, max: 1, step: 1 },
    ],
    points: [{ label: _("特征数与样本数之比 d/n"), step: [0, 0], words: (s) => `d/n = ${number(s.ratio)}`, at: (s) => [s.ratio, 0.01], to: (ratio) => ({ ratio }), by: (s, way) => ({ ratio: s.ratio * 10 ** (way / 40) }) }],
    draw(s, axes) {
      const plot = axes(0, { x: [0.05, 10], y: [0.01, 30], xLog: true, yLog: true, ratio: 0.5, xName: "d/n", yName: _("超出的损失") });
      const parts = partsOf(s), d = size(s.ratio);
      const sizes = (count) => [...new Set(plot.along(count).map(size))];
      const here = excess(parts(d), s.sigma, s.wd), [bestWd, bestHere] = best(s, d);
      plot.line([0.05, 10].map((ratio) => [ratio, 0.5]), "nothing dot muted");
      plot.line(sizes(60).map((d) => [d / num_train, best(s, d)[1]]), "best blue dash");
      plot.line(sizes(240).map((d) => [d / num_train, excess(parts(d), s.sigma, s.wd)]), "chosen orange thick");
      if (s.wd === weight_decay && s.sigma === noise_scale) plot.dots(measured.map((row) => [row[0] / num_train, row[1 + s.kind]]), "measured", 7);
      plot.line([[d / num_train, 0.01], [d / num_train, here]], "thin orange");
      plot.legend([["orange thick", `λ = ${number(s.wd)}`], ["blue dash", _("每个 d 都取最好的 λ")], ["dot muted", _("一律预测 0")]]);
      return [[_("特征 d"), d], [_("样本"), num_train], [_("超出噪声下限"), said(here), "orange"], [_("最好的 λ 是"), said(bestWd), "blue"], [_("只超出"), said(bestHere), "blue"]];
    },
  };
});
