// Gradient descent on one parameter, on examples of two curvatures: the sizes of the errors of many runs, and their mean.
gluonbookExplorables.add("coin", ({ curvatures, learning_rate, num_runs }) => {
  const { number, random } = gluonbookExplorables, steps = 100, most = 200, seed = 1;
  const draws = random(seed), even = Array.from({ length: most }, () => Array.from({ length: steps }, draws.even));
  // Of each run, how often the second curvature came before each update: by coin, or from a deck that holds each as often.
  const counted = (run) => run.reduce((counts, which) => [...counts, counts.at(-1) + which], [0]);
  const coin = even.map((run) => counted(run.map((u) => +(u < 0.5))));
  const deck = even.map((run) => counted(run.map((u, t) => [u, t % 2]).sort((a, b) => a[0] - b[0]).map(([, which]) => which)));
  const times = Array.from({ length: steps + 1 }, (_, t) => t), middles = {};
  const middle = (runs, key) => (middles[key] ??= times.map((t) => runs.map((run) => run[t]).sort((a, b) => a - b)[runs.length >> 1]));
  const mean = (f) => (f(curvatures[0]) + f(curvatures[1])) / 2;
  // The largest learning rate at which f is below its limit; it isn't known to be so at every smaller one.
  const limit = (f, below) => {
    let eta = 3 / Math.min(...curvatures);
    while (eta > 0 && f(eta) >= below) eta -= 0.001;
    return eta;
  };
  const limits = [
    [_("均方的上限是"), limit((eta) => mean((h) => (1 - eta * h) ** 2), 1), "purple"],
    [_("大小的平均的上限是"), limit((eta) => mean((h) => Math.abs(1 - eta * h)), 1), "orange"],
    [_("单独一次的上限是"), limit((eta) => mean((h) => Math.log(Math.abs(1 - eta * h))), 0), "green"],
  ];
  return {
    alt: _("许多条灰色的折线从同一点出发，大多一路下降；橙色虚线是期望，笔直上升；蓝色的平均开头跟着它，随后离开它下降。"),
    panels: [[1]],
    state: {},
    controls: [
      { key: "eta", label: _("学习率 η"), min: 0.02, max: 2, step: 0.01, value: learning_rate, marks: () => limits.map(([, end, look]) => [end, look]) },
      { key: "runs", label: _("训练的次数"), min: 10, max: most, step: 10, value: num_runs },
      { key: "deck", label: _("次序"), kind: "choice", options: [_("掷硬币"), _("洗好的牌")], value: 0, min: 0, max: 1, step: 1 },
    ],
    draw({ eta, runs, deck: shuffled }, axes) {
      const sizes = curvatures.map((h) => Math.abs(1 - eta * h)), expected = mean((h) => Math.abs(1 - eta * h));
      const chosen = (shuffled ? deck : coin).slice(0, runs), powers = sizes.map((size) => times.map((t) => size ** t));
      const size = (count, t) => powers[0][t - count] * powers[1][count];
      const averages = times.map((t) => chosen.reduce((sum, run) => sum + size(run[t], t), 0) / runs);
      const plot = axes(0, { x: [0, steps], y: [1e-12, 1e6], ratio: 0.5, yLog: true, xName: _("迭代次数"), yName: _("误差的大小") });
      const sparse = times.filter((t) => t % 2 === 0);
      for (const run of chosen.slice(0, 30)) plot.line(sparse.map((t) => [t, size(run[t], t)]), "thin faint run");
      if (!shuffled) plot.line(times.map((t) => [t, expected ** t]), "orange dash expected");
      plot.line(times.map((t) => [t, averages[t]]), "blue thick average");
      plot.line(middle(chosen, `${runs} ${shuffled}`).map((count, t) => [t, size(count, t)]), "green dot median");
      plot.legend([...(shuffled ? [] : [["orange dash", _("期望")]]), ["blue thick", _(`${runs} 次的平均`)], ["green dot", _("中位数")]], true);
      const fates = limits.map(([name, end, look]) => [name, `${number(end)} ${eta < end ? _("收敛") : _("发散")}`, look]);
      return [...fates, [_(`${steps} 次后平均是`), number(averages[steps]), "blue"], [_(`${steps} 次后期望是`), shuffled ? "–" : number(expected ** steps), "orange"],
        shuffled ? _("一副牌抽完时，各次训练完全相同。") : _("灰色的细线是其中 30 次。")];
    },
  };
});
