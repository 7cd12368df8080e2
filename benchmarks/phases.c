/* The kernels of learn, innovate and trade in plain C, as one would write them: same arguments in
   the same order, after the number of rows n, of ties t and of sectors s. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef int64_t i64;
typedef double f64;

static inline void philox(uint32_t c[4], uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t a = (uint32_t)(p1 >> 32) ^ c[1] ^ k0, b = (uint32_t)p1;
    uint32_t d = (uint32_t)(p0 >> 32) ^ c[3] ^ k1, e = (uint32_t)p0;
    c[0] = a; c[1] = b; c[2] = d; c[3] = e;
    k0 += 0x9E3779B9u; k1 += 0xBB67AE85u;
  }
}

static inline void uniform_pair(i64 seed, i64 process, i64 uid, i64 quarter, f64 *u, f64 *v) {
  uint64_t q = (uint64_t)quarter;
  uint32_t c[4] = {(uint32_t)uid, (uint32_t)((uint64_t)uid >> 32), (uint32_t)q,
                   (uint32_t)((uint64_t)process ^ (q >> 32 << 8))};
  philox(c, (uint32_t)seed, (uint32_t)((uint64_t)seed >> 32));
  uint64_t mask = (1ull << 53) - 1;
  *u = ((f64)((((uint64_t)c[0] << 21) ^ (c[1] >> 11)) & mask) + 0.5) / 9007199254740992.0;
  *v = ((f64)((((uint64_t)c[2] << 21) ^ (c[3] >> 11)) & mask) + 0.5) / 9007199254740992.0;
}

static inline f64 uniform(i64 seed, i64 process, i64 uid, i64 quarter) {
  f64 u, v;
  uniform_pair(seed, process, uid, quarter, &u, &v);
  return u;
}

static inline f64 normal(i64 seed, i64 process, i64 uid, i64 quarter) {
  f64 u, v;
  uniform_pair(seed, process, uid, quarter, &u, &v);
  return sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * v);
}

static i64 poisson(f64 rate, f64 u) {
  if (rate <= 0.0) return 0;
  if (rate > 40.0) {
    f64 z = 0.0;
    for (int k = 0; k < 30; k++) {
      f64 density = exp(-0.5 * z * z) / sqrt(2.0 * M_PI);
      f64 step = (0.5 * erfc(-z / sqrt(2.0)) - u) / fmax(density, 1e-12);
      step = fmin(fmax(step, -0.5), 0.5);
      z -= step;
      if (fabs(step) < 1e-10) break;
    }
    f64 count = floor(rate + z * sqrt(rate) + 0.5);
    return count > 0.0 ? (i64)count : 0;
  }
  f64 term = exp(-rate), total = term;
  i64 count = 0;
  while (u > total && count < 200) {
    count++;
    term *= rate / count;
    total += term;
  }
  return count;
}

void from_partners(i64 n, i64 ties, i64 s, const i64 *source, const i64 *target, const f64 *trust,
                   const f64 *knowledge, const f64 *absorbed, const f64 *x, const f64 *y, f64 rate,
                   f64 best, f64 width, f64 *inflow) {
  for (i64 t = 0; t < ties; t++) {
    i64 i = source[t], j = target[t];
    f64 dx = x[i] - x[j], dy = y[i] - y[j], d = sqrt(dx * dx + dy * dy) - best;
    f64 passed = rate * trust[t] * exp(-0.5 * d * d / (width * width));
    f64 less = fmin(knowledge[i], knowledge[j]);
    inflow[i] += passed * absorbed[i] * less;
    inflow[j] += passed * absorbed[j] * less;
  }
}

void converge(i64 n, i64 ties, i64 s, const i64 *source, const i64 *target, const f64 *trust,
              const f64 *x, const f64 *y, f64 rate, f64 *dx, f64 *dy) {
  for (i64 t = 0; t < ties; t++) {
    i64 i = source[t], j = target[t];
    f64 step = 0.5 * rate * trust[t];
    dx[i] += step * (x[j] - x[i]);
    dy[i] += step * (y[j] - y[i]);
    dx[j] += step * (x[i] - x[j]);
    dy[j] += step * (y[i] - y[j]);
  }
}

void accumulate(i64 n, i64 t, i64 s, i64 seed, i64 quarter, const i64 *uid, const i64 *region,
                const i64 *sector, const bool *is_active, f64 *knowledge, const f64 *lost,
                const f64 *effort, const f64 *value, f64 *inflow, const f64 *absorbed,
                const f64 *at_hand, f64 place_rate, f64 depreciation, f64 own_share,
                const f64 *obsolescence, f64 *x, f64 *y, const f64 *dx, const f64 *dy, f64 drift) {
  for (i64 i = 0; i < n; i++) {
    if (!is_active[i]) continue;
    inflow[i] += place_rate * absorbed[i] * at_hand[region[i] * s + sector[i]] * knowledge[i];
    f64 kept = (1.0 - depreciation) * (1.0 - obsolescence[sector[i]]);
    knowledge[i] = kept * fmax(knowledge[i] - lost[i], 0.0) + own_share * effort[i] + value[i] + inflow[i];
    f64 u, v;
    uniform_pair(seed, 17, uid[i], quarter, &u, &v);
    x[i] += dx[i] + drift * (2.0 * u - 1.0);
    y[i] += dy[i] + drift * (2.0 * v - 1.0);
  }
}

void progress(i64 n, i64 t, i64 s, const i64 *kind, const bool *is_active, const f64 *effort,
              const f64 *interrupted, const f64 *project_length, const f64 *public_share,
              const f64 *award_quality, const f64 *award_misfit, f64 salvage, f64 quality_value,
              const f64 *exponent, f64 usual_length, f64 *work, f64 *length, f64 *quality,
              f64 *completed) {
  for (i64 i = 0; i < n; i++) {
    completed[i] = 0.0;
    if (!is_active[i]) continue;
    f64 kept = work[i] * (1.0 - interrupted[i] * (1.0 - salvage)), total = kept + effort[i];
    if (total <= 0.0) {
      work[i] = 0.0;
      continue;
    }
    f64 worth = pow(project_length[i] / usual_length, exponent[kind[i]]);
    f64 funded = exp(quality_value * award_quality[i]) * (1.0 - award_misfit[i]);
    worth *= 1.0 + public_share[i] * (funded - 1.0);
    length[i] = (kept * length[i] + effort[i] * project_length[i]) / total;
    quality[i] = (kept * quality[i] + effort[i] * worth) / total;
    completed[i] = total / fmax(4.0 * length[i], 1.0);
    work[i] = total - completed[i];
  }
}

void arrive(i64 n, i64 t, i64 s, i64 seed, i64 quarter, const i64 *uid, const f64 *weight,
            const bool *is_active, const f64 *completed, const f64 *quality, f64 arrival_rate,
            f64 elasticity, f64 speed, f64 spread, f64 share, f64 *usual_scale, f64 *innovations,
            f64 *value, f64 *past, f64 memory) {
  for (i64 i = 0; i < n; i++) {
    innovations[i] = value[i] = 0.0;
    past[i] *= 1.0 - memory;
    if (!is_active[i] || completed[i] <= 0.0) continue;
    f64 usual = usual_scale[i] > 0.0 ? usual_scale[i] : completed[i];
    f64 rate = arrival_rate * (usual * pow(completed[i] / usual, elasticity)) * weight[i];
    usual_scale[i] = usual + speed * (completed[i] - usual);
    i64 count = poisson(rate, uniform(seed, 18, uid[i], quarter));
    if (count == 0) continue;
    i64 drawn = count < 12 ? count : 12;
    f64 total = 0.0;
    for (i64 k = 0; k < drawn; k++) {
      f64 z = normal(seed, 19, uid[i], quarter | (k << 32));
      total += exp(spread * z - 0.5 * spread * spread);
    }
    innovations[i] = count / weight[i];
    value[i] = total * ((f64)count / drawn) * (share / arrival_rate * quality[i]) / weight[i];
    past[i] += value[i];
  }
}

void produce(i64 n, i64 t, i64 s, const i64 *kind, const i64 *region, const i64 *sector,
             const f64 *base, const f64 *knowledge, const f64 *base_knowledge, const f64 *place,
             const f64 *frontier, const f64 *suppliers, const bool *linked, f64 beta, f64 by_supplier,
             f64 link_gain, f64 most_link_gain, f64 link_loss, f64 speed, f64 step, f64 *catapult_gain,
             f64 *productivity) {
  for (i64 i = 0; i < n; i++) {
    if (kind[i] != 0) continue;
    if (linked[i]) catapult_gain[i] = fmin(catapult_gain[i] + link_gain, most_link_gain);
    else catapult_gain[i] *= 1.0 - link_loss;
    f64 target = base[i] + frontier[sector[i]] + place[region[i] * s + sector[i]];
    target += beta * log(fmax(knowledge[i], 1e-12) / base_knowledge[i]);
    target += by_supplier * suppliers[i] + catapult_gain[i];
    productivity[i] += step + speed * (target - productivity[i] - step);
  }
}

void compete(i64 n, i64 t, i64 s, i64 seed, i64 quarter, const i64 *uid, const i64 *kind,
             const i64 *sector, const f64 *weight, const f64 *gain, const f64 *jobs, f64 *gva,
             f64 *exports, f64 *passing, f64 response, f64 spread, f64 rate, f64 lasting,
             f64 fading, f64 size_exponent, f64 *total) {
  f64 chance = fmin(rate / 4.0, 1.0);
  for (i64 k = 0; k < s; k++) total[k] = 0.0;
  for (i64 i = 0; i < n; i++) {
    if (kind[i] != 0) continue;
    f64 comes, v, shock = 0.0;
    uniform_pair(seed, 20, uid[i], quarter, &comes, &v);
    f64 own = spread * pow(fmax(jobs[i], 1.0) / 10.0, size_exponent) / sqrt(4.0 * chance);
    own = fmin(own, 0.9);
    if (comes < chance) shock = -own * copysign(log(1.0 - 2.0 * fabs(v - 0.5)), v - 0.5);
    f64 kept = lasting * own, level = 1.0 + chance * kept * kept / (1.0 - kept * kept);
    f64 faded = fading * passing[i];
    passing[i] += (1.0 - lasting) * shock - faded;
    f64 growth = exp(response * gain[i] + shock - faded);
    f64 home = (gva[i] - exports[i]) * growth;
    exports[i] *= growth / level;
    gva[i] = home;
    total[sector[i]] += weight[i] * home;
  }
}

void settle(i64 n, i64 t, i64 s, const i64 *kind, const i64 *sector, const f64 *closure,
            const f64 *scale, f64 export_growth, const f64 *productivity, f64 employment, f64 margin,
            f64 payout, f64 buffer, f64 finance, const f64 *rd_intensity, const f64 *base_income,
            const f64 *grants, const f64 *returned, const f64 *spending, f64 *gva, f64 *exports,
            f64 *jobs, f64 *cash) {
  for (i64 i = 0; i < n; i++) {
    f64 open = grants[i] - returned[i];
    if (kind[i] != 0) {
      cash[i] += base_income[i] + open - spending[i];
      continue;
    }
    exports[i] *= export_growth;
    gva[i] = (gva[i] * scale[sector[i]] + exports[i]) * (1.0 - closure[i]);
    exports[i] *= 1.0 - closure[i];
    jobs[i] *= 1.0 - closure[i];
    jobs[i] += employment * (gva[i] / exp(productivity[i]) - jobs[i]);
    f64 profit = 0.25 * (margin + rd_intensity[i]) * gva[i] + open - spending[i];
    cash[i] += profit;
    f64 over = cash[i] - buffer * gva[i];
    if (profit > 0.0 && over > 0.0) cash[i] -= fmin(payout * profit, over);
    else if (cash[i] < 0.0) cash[i] *= 1.0 - 0.25 * finance;
  }
}
