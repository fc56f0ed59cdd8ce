// What weight decay does in the overfitting set: outside the span of the examples, it makes the start forgotten.
gluonbookExplorables.add("decay-and-forgetting", ({ outside, true_norm, learning_rate, updates_per_epoch, num_epochs, weight_decay, measured }) => {
  const { number } = gluonbookExplorables;
  const rest = true_norm ** 2 / 2, ends = [Math.min(1e-3, weight_decay || 1e-3), Math.max(100, weight_decay)];
  // Where a hundredth of the start is left.
  const gone = ({ epochs }) => (1 - 10 ** (-2 / (epochs * updates_per_epoch))) / learning_rate;
  return {
    alt: _("陡坡图的横轴是 λ，纵轴是测试损失，都是对数刻度。曲线左边是约 100 的高台，从 0.1 到 10 是一道陡坡，右边落到约 0.01 的平地；测得的圆点在曲线上。时间图是选定的 λ 下测试损失随迭代周期的变化，沿直线下降。"),
    panels: [[1, _("陡坡图")], [1, _("时间图")]],
    state: {},
    controls: [
      { key: "wd", label: _("权重衰减 λ"), min: ends[0], max: ends[1], log: true, value: weight_decay, marks: (s) => [[gone(s), "rose"]] },
      { key: "epochs", label: _("训练"), min: 1, max: 1000, step: 1, log: true, value: num_epochs, words: (epochs) => (epochs === 1 ? _("1 个迭代周期") : _(`${epochs} 个迭代周期`)) },
      { key: "scale", label: _("初值的标准差"), min: 0, max: 2, step: 0.05, value: 1 },
    ],
    points: [{ label: _("权重衰减 λ"), step: [0, 0], words: (s) => `λ = ${number(s.wd)}`, at: (s) => [s.wd, 3e-3], to: (wd) => ({ wd }), by: (s, way) => ({ wd: s.wd * 10 ** (way / 20) }) }],
    draw(s, axes) {
      const { epochs } = s;
      const kept = (wd, after) => Math.abs(1 - learning_rate * wd) ** (after * updates_per_epoch);
      const loss = (wd, after) => (s.scale * outside * kept(wd, after)) ** 2 / 2 + rest;
      const cliff = axes(0, { x: ends, y: [3e-3, 1e3], xLog: true, yLog: true, ratio: 0.9, xName: "λ", yName: _("测试损失") });
      const time = axes(1, { x: [0, epochs], y: [3e-3, 1e3], yLog: true, ratio: 0.9, xName: _("迭代周期"), yName: _("测试损失") });
      cliff.line(ends.map((wd) => [wd, rest]), "floor dot muted");
      time.line([[0, rest], [epochs, rest]], "floor dot muted");
      cliff.curve((wd) => loss(wd, epochs), "cliff thick");
      if (epochs === num_epochs && s.scale === 1) cliff.dots(measured, "measured orange", 7);
      cliff.line([[s.wd, 1e-9], [s.wd, loss(s.wd, epochs)]], "thin orange");
      cliff.dots([[s.wd, loss(s.wd, epochs)]], "blue", 10);
      time.curve((after) => loss(s.wd, after), "time blue");
      cliff.legend([["thick", _("由初值算出")], ["dot muted", "½‖w*‖²"]]);
      return [[_("初值还剩"), `${number(100 * kept(s.wd, epochs))}%`, "blue"], [_("它的测试损失"), number(loss(s.wd, epochs) - rest)], [_("测试损失"), number(loss(s.wd, epochs)), "orange"], [_("剩 1% 的 λ"), number(gone(s)), "rose"],
        _("初值指它在子空间之外的部分，训练样本够不着它，只有衰减使它缩小。")];
    },
  };
});
