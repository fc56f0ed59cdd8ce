"""The laws by which the book predicts, against brute force: plain NumPy, on data of its own, without code of a chapter.

The law stands in the test as the book says it; what it is compared with is run, drawn or searched for.
"""

import numpy as np
import pytest

SEED = 20260101
RNG = None


@pytest.fixture(autouse=True)
def draws_of_its_own():
    """Each test draws the same, whichever run before it."""
    global RNG
    RNG = np.random.default_rng(SEED)


def drawn_matrix(d, kappa):
    """Symmetric and positive definite, with eigenvalues from 0.7 to 0.7 kappa in drawn directions."""
    Q, _ = np.linalg.qr(RNG.normal(size=(d, d)))
    return Q @ np.diag(np.geomspace(0.7, 0.7 * kappa, d)) @ Q.T


def distances(H, eta, steps, gamma=0.0, nesterov=False):
    """How far a run on xᵀHx/2 is from the lowest point after each step."""
    x, v = np.ones(len(H)), np.zeros(len(H))
    found = np.full(steps, np.inf)
    for step in range(steps):
        v = gamma * v + eta * (H @ (x - gamma * v if nesterov else x))
        x = x - v
        found[step] = np.linalg.norm(x)
        if found[step] > 1e100:
            break
    return found


@pytest.mark.parametrize("gamma, nesterov", [(0, False), (0.3, False), (0.85, False), (0.3, True), (0.85, True)])
def test_the_steepest_direction_limits_the_learning_rate(gamma, nesterov):
    H = drawn_matrix(5, 40)
    limit = 2 * (1 + gamma) / (1 + 2 * gamma * nesterov) / np.linalg.eigvalsh(H)[-1]
    assert distances(H, 0.99 * limit, 6000, gamma, nesterov)[-1] < 1e-2
    assert distances(H, 1.01 * limit, 6000, gamma, nesterov)[-1] > 1e6


@pytest.mark.parametrize("kappa", [9, 50, 150])
def test_the_best_rates_are_those_of_kappa_and_of_its_root(kappa):
    H = np.diag([1.0, kappa])

    def rate(eta, gamma):
        steps = int(60 * np.sqrt(kappa) if gamma else 20 * kappa)
        far = distances(H, eta, steps, gamma)
        return (far[-1] / far[steps // 2]) ** (1 / (steps - steps // 2)) if np.isfinite(far[-1]) else np.inf

    etas = np.linspace(0.8, 1.2, 21) * 2 / (1 + kappa)
    assert min(rate(eta, 0) for eta in etas) == pytest.approx((kappa - 1) / (kappa + 1), rel=5e-3)
    root = np.sqrt(kappa)
    eta, rho = 4 / (1 + root) ** 2, (root - 1) / (root + 1)
    assert rate(eta, rho**2) == pytest.approx(rho, rel=0.03)  # two equal roots: a factor t besides
    others = [rate(e * eta, rho**2 * g) for e in (0.8, 1.2) for g in (0.9, 1.04)]
    assert min(others) > 0.99 * rate(eta, rho**2)


@pytest.mark.parametrize("eta, gamma", [(0.1, 0), (0.7, 0), (1.5, 0), (0.1, 0.5), (0.05, 0.9), (0.4, 0.9), (1.0, 0.6)])
def test_noise_of_one_size_keeps_the_variance_that_is_predicted(eta, gamma):
    s, slope, runs = 0.7, 1.3, 4000
    x, v = np.zeros(runs), np.zeros(runs)
    found = []
    for step in range(1200):
        v = gamma * v + eta * (slope * x + RNG.normal(0, s, runs))
        x = x - v
        if step >= 600:
            found.append(np.mean(x**2))
    q = eta * slope
    predicted = eta * s**2 / slope * (1 + gamma) / ((1 - gamma) * (2 * (1 + gamma) - q))
    assert np.mean(found) == pytest.approx(predicted, rel=0.03)


@pytest.mark.parametrize("batch_size", [1, 3, 10])
def test_independent_mini_batches_have_a_limit_in_the_mean_square(batch_size):
    """Normal features of variance 1, without a bias: 2B/(B+d+1)."""
    d, limit = 4, 2 * batch_size / (batch_size + 4 + 1)
    for factor, grows in [(0.9, False), (1.1, True)]:
        A = RNG.normal(size=(400_000, batch_size, d))
        e = np.eye(d)[0]  # every direction is like the other
        step = e - factor * limit * np.einsum("nbi,nb->ni", A, A @ e) / batch_size
        assert (np.mean(np.sum(step**2, axis=1)) > 1) == grows


@pytest.mark.parametrize("batch_size", [1, 7, 40, 100])
def test_drawing_without_replacement_takes_off_of_the_variance(batch_size):
    x = RNG.exponential(size=100)
    means = [RNG.permutation(x)[:batch_size].mean() for _ in range(20_000)]
    predicted = x.var() / batch_size * (100 - batch_size) / (100 - 1)
    assert np.var(means) == pytest.approx(predicted, rel=0.05, abs=1e-12)


def draws(count, n, d, sigma, w=None):
    """Training sets with normal features, their weights drawn anew unless given."""
    for _ in range(count):
        X = RNG.normal(size=(n, d))
        true = RNG.normal(0, 0.4, d) if w is None else w
        yield X, X @ true + RNG.normal(0, sigma, n), true


def test_the_lowest_loss_lies_below_the_floor_by_its_parameters_and_the_true_one_above_it():
    n, d, sigma, lowest, true_loss = 30, 4, 0.6, [], []
    for X, y, w in draws(4000, n, d, sigma):
        A = np.c_[X, np.ones(n)]
        residuals = y - A @ np.linalg.lstsq(A, y, rcond=None)[0]
        lowest.append(np.mean(residuals**2) / 2)
        true_loss.append(np.mean((y - X @ w) ** 2) / 2)
    assert np.mean(lowest) == pytest.approx(sigma**2 / 2 * (1 - (d + 1) / n), rel=0.02)
    assert np.mean(np.subtract(true_loss, lowest)) == pytest.approx((d + 1) * sigma**2 / (2 * n), rel=0.05)


@pytest.mark.parametrize("n, d, sigma", [(40, 30, 1.0), (60, 20, 2.0)])
def test_the_best_decay_is_that_of_the_noise_and_the_weights(n, d, sigma):
    tau = 0.4
    grid = sigma**2 / (n * tau**2) * np.geomspace(1 / 8, 8, 25)
    losses = np.zeros(len(grid))
    for X, y, w in draws(1500, n, d, sigma):
        for i, decay in enumerate(grid):
            found = np.linalg.solve(X.T @ X / n + decay * np.eye(d), X.T @ y / n)
            losses[i] += np.sum((found - w) ** 2)
    best = grid[losses.argmin()] * n * tau**2 / sigma**2
    assert 0.8 < best < 1.25


@pytest.mark.parametrize("decay", [0.02, 0.3, 2.0])
def test_decay_shrinks_each_direction_and_the_factors_add_up_to_the_degrees_of_freedom(decay):
    n, d, sigma = 40, 12, 0.8
    X = RNG.normal(size=(n, d)) * np.geomspace(0.2, 2, d)
    w, gaps = RNG.normal(size=d), []
    for _ in range(6000):
        y, again = X @ w + RNG.normal(0, sigma, (2, n))
        fit = X @ np.linalg.solve(X.T @ X / n + decay * np.eye(d), X.T @ y / n)
        gaps.append(np.mean((again - fit) ** 2) / 2 - np.mean((y - fit) ** 2) / 2)
    s = np.linalg.svd(X, compute_uv=False) ** 2 / n
    assert np.mean(gaps) == pytest.approx(sigma**2 / n * np.sum(s / (s + decay)), rel=0.05)


def test_stopping_early_decays_by_one_over_learning_rate_times_updates():
    X, y, _ = next(draws(1, 50, 6, 1.0))
    H, g, x = X.T @ X / 50, X.T @ y / 50, np.zeros(6)
    eta, ends = 0.01, {}
    for step in range(1, 1001):
        x = x - eta * (H @ x - g)
        ends[step] = x.copy()
    for step in (30, 100):  # while it matters: later both are close to the end
        stopped = ends[step]
        decays = np.geomspace(0.2, 5, 81) / (eta * step)
        away = [np.linalg.norm(np.linalg.solve(H + decay * np.eye(6), g) - stopped) for decay in decays]
        assert 0.4 < decays[np.argmin(away)] * eta * step < 1.6
        assert min(away) < 0.12 * np.linalg.norm(stopped)


def test_decay_wipes_out_what_no_example_reaches_and_a_run_from_zero_finds_the_least_norm():
    X, y, _ = next(draws(1, 8, 30, 0.1))
    outside = np.eye(30) - np.linalg.pinv(X) @ X
    for decay in (0, 0.5):
        x = start = RNG.normal(size=30)
        for _ in range(400):
            x = (1 - 0.02 * decay) * x - 0.02 * X.T @ (X @ x - y) / 8
        assert np.allclose(outside @ x, (1 - 0.02 * decay) ** 400 * (outside @ start))
    x = np.zeros(30)
    for _ in range(20_000):
        x -= 0.1 * X.T @ (X @ x - y) / 8
    assert np.allclose(x, np.linalg.lstsq(X, y, rcond=None)[0], atol=1e-6)


def test_standardising_leaves_a_correlation_its_condition_number():
    for r in (0.5, 0.9, 0.99):
        z = RNG.normal(size=(200_000, 2))
        X = np.c_[z[:, 0], r * z[:, 0] + np.sqrt(1 - r**2) * z[:, 1]] * [3, 50] + [7, -20]
        H = np.cov(((X - X.mean(0)) / X.std(0)).T)
        low, high = np.linalg.eigvalsh(H)
        assert high / low == pytest.approx((1 + r) / (1 - r), rel=0.03)


@pytest.mark.parametrize("batch_size", [1, 5])
def test_a_single_run_comes_back_up_to_where_the_mean_logarithm_of_its_factor_is_zero(batch_size):
    """Between the limit of the mean square and this one, every run rises now and then, and every run comes back."""
    d = 3
    A = RNG.normal(size=(300_000, batch_size, d))

    def mean_logarithm(eta):
        e = np.eye(d)[0] - eta * np.einsum("nbi,nb->ni", A, A[:, :, 0]) / batch_size
        return np.mean(np.log(np.sum(e**2, axis=1))) / 2

    mean_square = 2 * batch_size / (batch_size + d + 1)
    low, high = mean_square, 4 * mean_square
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if mean_logarithm(middle) < 0 else (low, middle)
    assert low > 1.1 * mean_square
    for factor, come_back in [(0.9, 1), (1.1, 0)]:
        e = np.ones((200, d))
        for _ in range(6000):
            a = RNG.normal(size=(200, batch_size, d))
            e -= factor * low * np.einsum("rbi,rb->ri", a, np.einsum("rbi,ri->rb", a, e)) / batch_size
            e = np.clip(e, -1e150, 1e150)
        assert np.mean(np.linalg.norm(e, axis=1) < 1) == pytest.approx(come_back, abs=0.1)


@pytest.mark.parametrize("kappa, shrink_to", [(3, 1e-4), (50, 1e-6), (300, 1e-3)])
def test_the_number_of_updates_down_to_a_target_is_predicted_by_kappa(kappa, shrink_to):
    """From as far along each of the two directions, with the best rates."""
    H, root, t = np.diag([1.0, kappa]), np.sqrt(kappa), np.arange(2000)

    def needed(away):
        return np.flatnonzero(away > shrink_to)[-1] + 1

    predicted = np.log(shrink_to) / np.log((kappa - 1) / (kappa + 1))
    found = np.r_[1, distances(H, 2 / (1 + kappa), 2000) / np.sqrt(2)]
    assert needed(found) == np.ceil(predicted)
    rho = (root - 1) / (root + 1)
    predicted = rho**t * np.sqrt(((1 + (1 - rho) * t) ** 2 + (1 + (1 + rho) * t) ** 2) / 2)
    found = np.r_[1, distances(H, 4 / (1 + root) ** 2, 2000, rho**2) / np.sqrt(2)]
    assert abs(needed(found) - needed(predicted)) <= 1


@pytest.mark.parametrize("eta, gamma, batch_size", [(0.1, 0.9, 2), (0.3, 0.5, 4), (0.2, 0.95, 12)])
def test_momentum_s_mean_square_follows_the_mean_of_the_squared_step(eta, gamma, batch_size):
    """Of drawn mini-batches without replacement, after eight updates of velocity and error."""
    n, d, runs = 12, 2, 50_000
    A = RNG.normal(size=(n, d))
    pushes = np.array([np.kron([[0, 1], [0, -1]], np.outer(a, a)) for a in A])
    mean = pushes.mean(axis=0)
    step = np.kron([[gamma, 0], [-gamma, 1]], np.eye(d)) + eta * mean
    covariance = np.mean([np.kron(push, push) for push in pushes], axis=0) - np.kron(mean, mean)
    share = (n - batch_size) / (n - 1) / batch_size
    z = np.tile([0.0, 0.0, 1.0, -0.5], (runs, 1))
    squares = np.kron(z[0], z[0])
    for _ in range(8):
        squares = (np.kron(step, step) + eta**2 * share * covariance) @ squares
        chosen = A[np.argpartition(RNG.random((runs, n)), batch_size - 1)[:, :batch_size]]
        slopes = np.einsum("rbi,rb->ri", chosen, np.einsum("rbi,ri->rb", chosen, z[:, d:])) / batch_size
        z[:, :d] = gamma * z[:, :d] + eta * slopes
        z[:, d:] -= z[:, :d]
    assert np.mean(np.sum(z**2, axis=1)) == pytest.approx(np.trace(squares.reshape(2 * d, 2 * d)), rel=0.03)


@pytest.mark.parametrize("batch_size", [1, 5])
def test_the_batch_limits_momentum_s_effective_learning_rate(batch_size):
    """Normal features: 2B/R, where R is the spectral radius of c_ij / lambda_i."""
    lambdas, gamma = np.array([1.0, 0.3]), 0.98
    A = RNG.normal(size=(20_000, batch_size, 2)) * np.sqrt(lambdas)
    H = np.einsum("nbi,nbj->nij", A, A) / batch_size
    c = np.outer(lambdas, lambdas) * (1 + np.eye(2))
    limit = 2 * batch_size / abs(np.linalg.eigvals(c / lambdas[:, None])).max()
    for factor, grows in [(0.9, False), (1.1, True)]:
        steps = np.kron([[gamma, 0], [-gamma, 1]], np.eye(2)) + np.kron([[0, 1], [0, -1]], H) * (
            factor * limit * (1 - gamma)
        )
        mean_of_squares = np.einsum("nij,nkl->ikjl", steps, steps).reshape(16, 16) / len(steps)
        assert (abs(np.linalg.eigvals(mean_of_squares)).max() > 1) == grows


@pytest.mark.parametrize("eta", [0.05, 0.2])
def test_the_mean_of_many_iterates_is_as_good_as_least_squares_on_as_many_draws(eta):
    """It exceeds the lowest loss by d/(KB) of it, whatever the learning rate."""
    n, d, batch_size, burn, K, runs = 400, 3, 4, 100, 800, 200
    X, y, _ = next(draws(1, n, d, 0.5))
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    lowest, H = np.mean((X @ best - y) ** 2) / 2, X.T @ X / n
    w, total = np.tile(best, (runs, 1)), 0
    for update in range(burn + K):
        total = total + w * (update >= burn)
        chosen = RNG.integers(n, size=(runs, batch_size))
        misses = np.einsum("rbi,ri->rb", X[chosen], w) - y[chosen]
        w = w - eta * np.einsum("rbi,rb->ri", X[chosen], misses) / batch_size
    away = total / K - best
    excess = np.mean(np.einsum("ri,ij,rj->r", away, H, away)) / 2
    assert excess / lowest == pytest.approx(d / (K * batch_size), rel=0.25)


@pytest.mark.parametrize("eta, batch_size, ratio", [(0.02, 1, 6), (0.05, 4, 10)])
def test_noise_climbs_over_a_top_as_rarely_as_kramers_says(eta, batch_size, ratio):
    """On x⁴/4 - x²/2, from the valley at -1 to the one at 1, over the top at 0: the chain of updates on a fine grid."""
    s = np.sqrt(2 * batch_size * 0.25 / (eta * ratio))
    grid = np.linspace(-2.5, 1, 500)
    away = (grid - (grid - eta * (grid**3 - grid))[:, None]) / (eta * s / np.sqrt(batch_size))
    chances = np.exp(-(away**2) / 2) * (grid[1] - grid[0]) / (eta * s / np.sqrt(batch_size) * np.sqrt(2 * np.pi))
    waits = np.linalg.solve(np.eye(500) - chances, np.ones(500))
    predicted = 2 * np.pi / (eta * np.sqrt(2 * 1)) * np.exp(2 * batch_size * 0.25 / (eta * s**2))
    assert waits[abs(grid + 1).argmin()] == pytest.approx(predicted, rel=0.15)
