// Reads the messages that sim/watch/packing.py writes, and answers questions about one future.

const TYPES = {
  u1: Uint8Array, u2: Uint16Array, i2: Int16Array, i4: Int32Array, i8: BigInt64Array,
  f4: Float32Array, f8: Float64Array,
};
export const QUARTERS = 4;

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

function sums(bytes, size) {
  // High and low bytes of differences lie in two planes; addition is modulo 65,536.
  const codes = new Uint16Array(size);
  let code = 0;
  for (let k = 0; k < size; k++) {
    code = (code + bytes[k] + (bytes[size + k] << 8)) & 0xffff;
    codes[k] = code;
  }
  return codes;
}

/** Head and arrays of a message: {head, arrays}. */
export async function unpack(bytes) {
  const buffer = await inflate(bytes);
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, [kind, size, offset, coding]] of Object.entries(head.arrays)) {
    const at = 4 + length + offset;
    arrays[name] = coding === "delta"
      ? sums(new Uint8Array(buffer, at, 2 * size), size)
      : new TYPES[kind](buffer, at, size);
  }
  delete head.arrays;
  return { head, arrays };
}

/** Rows grouped by an index column: start[i]..start[i + 1] of `rows` belong to i. */
function grouped(column, n) {
  const start = new Int32Array(n + 1);
  for (const i of column) if (i >= 0) start[i + 1]++;
  for (let i = 0; i < n; i++) start[i + 1] += start[i];
  const next = start.slice();
  const rows = new Int32Array(start[n]);
  column.forEach((i, k) => { if (i >= 0) rows[next[i]++] = k; });
  return { start, rows };
}

/** One future. Times are states: quarters since the policies parted, with fractions. */
export class Future {
  constructor({ head, arrays }, scenery) {
    Object.assign(this, head);
    this.scenery = scenery;
    this.table = arrays;
    this.last = this.years * QUARTERS;
    this.uid = arrays["organisation.uid"];
    this.n = this.uid.length;
    for (const name of ["kind", "region", "sector", "institution", "weight"]) {
      this[name] = arrays[`organisation.${name}`];
    }
    this.from = arrays["organisation.from"];
    this.to = arrays["organisation.to"];
    this._placeLives();
    const { floor, scale } = scenery.codes;
    for (const name of ["jobs", "researchers", "knowledge"]) {
      this[name] = Float32Array.from(arrays[`yearly.${name}`], (c) => floor * Math.expm1(c / scale));
    }
    this.grants = grouped(arrays["grant.organisation"], this.n);
    this.gaps = grouped(arrays["gap.organisation"], this.n);
    this.awards = grouped(arrays["award.holder"], this.n);
    this.indexOf = new Map();
    this.uid.forEach((uid, i) => this.indexOf.set(uid, i));
    this._gatherInstitutions();
  }

  _placeLives() {
    // Values of a life: when first seen, then at each year's end.
    this.first = new Int32Array(this.n + 1);
    for (let i = 0; i < this.n; i++) {
      const end = Math.min(this.to[i] - 1, this.last);
      const between = this.from[i] % QUARTERS ? 1 : 0;
      const years = Math.floor(end / QUARTERS) - Math.ceil(this.from[i] / QUARTERS) + 1;
      this.first[i + 1] = this.first[i] + between + Math.max(years, 0);
    }
  }

  /** Learn which ties and organisations the other future has too. */
  meet(other) {
    this.twin = Int32Array.from(this.uid, (uid) => other.indexOf.get(uid) ?? -1);
    const [a, b] = [other.table["tie.source"], other.table["tie.target"]];
    const known = new Map();
    for (let k = 0; k < a.length; k++) {
      const key = a[k] * 65536 + b[k];
      if (known.has(key)) known.get(key).push(k); else known.set(key, [k]);
    }
    const none = [];
    const [source, target] = [this.table["tie.source"], this.table["tie.target"]];
    this.twinTies = Array.from(source, (from, k) => {
      const [x, y] = [this.twin[from], this.twin[target[k]]];
      return x < 0 || y < 0 ? none : known.get(x * 65536 + y) ?? known.get(y * 65536 + x) ?? none;
    });
    this.other = other;
  }

  /** Whether a tie that lives here at a time does not live in the other future. */
  isOwnTie(k, time) {
    if (!this.other) return false;
    const { "tie.from": from, "tie.to": to } = this.other.table;
    for (const row of this.twinTies[k]) if (from[row] <= time && time < to[row]) return false;
    return true;
  }

  /** Whether an organisation that lives here at a time does not live in the other future. */
  isOwn(i, time) {
    return this.other !== undefined && !(this.twin[i] >= 0 && this.other.isAlive(this.twin[i], time));
  }

  /** Share of the ties alive at a time that live in the other future too. */
  sharedTies(time) {
    const { "tie.from": from, "tie.to": to } = this.table;
    let all = 0;
    let own = 0;
    for (let k = 0; k < from.length; k++) {
      if (from[k] > time || time >= to[k]) continue;
      all += 1;
      if (this.isOwnTie(k, time)) own += 1;
    }
    return all ? 1 - own / all : 1;
  }

  isAlive(i, time) {
    return this.from[i] <= time && time < this.to[i];
  }

  /** A yearly amount of organisation i, straight from one value to the next. */
  amount(values, i, time) {
    const begin = this.first[i];
    const end = this.first[i + 1] - 1;
    const born = this.from[i];
    const late = born % QUARTERS ? 1 : 0;
    const year = time / QUARTERS;
    const place = late
      ? (time < Math.ceil(born / QUARTERS) * QUARTERS
        ? (time - born) / (Math.ceil(born / QUARTERS) * QUARTERS - born)
        : 1 + year - Math.ceil(born / QUARTERS))
      : year - born / QUARTERS;
    const k = begin + Math.max(0, Math.floor(place));
    if (k >= end) return values[end];
    const share = place - Math.floor(place);
    return values[k] * (1 - share) + values[k + 1] * share;
  }

  /** Public money of one real organisation in the quarter that led to a state, £m a year. */
  grant(i, time) {
    const { start, rows } = this.grants;
    const state = this.table["grant.state"];
    let low = start[i];
    let high = start[i + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (state[rows[middle]] <= time) low = middle + 1; else high = middle;
    }
    return low === start[i] ? 0 : this.table["grant.amount"][rows[low - 1]];
  }

  isInGap(i, time) {
    const { start, rows } = this.gaps;
    for (let k = start[i]; k < start[i + 1]; k++) {
      const row = rows[k];
      if (this.table["gap.from"][row] <= time && time < this.table["gap.to"][row]) return true;
    }
    return false;
  }

  /** Money for infrastructure in a region, £m a year. */
  placeGrant(region, time) {
    return this.table["place.grant"][region * (this.last + 1) + Math.floor(time)];
  }

  /** Values of a series over the years (years + 1), or null where it is unknown there. */
  line(name, area, sector = this.scenery.sectors.length) {
    const width = this.years + 1;
    const s = this.series.indexOf(name);
    const a = this.areas.indexOf(area);
    const sectors = this.scenery.sectors.length + 1;
    const begin = ((s * this.areas.length + a) * sectors + sector) * width;
    const values = this.table.series.subarray(begin, begin + width);
    return values.some((v) => !Number.isNaN(v)) ? values : null;
  }

  _gatherInstitutions() {
    // Laboratories of a university are separate rows at one place: the page shows them as one.
    const members = new Map();
    for (let i = 0; i < this.n; i++) {
      const code = this.institution[i];
      if (code < 0) continue;
      if (!members.has(code)) members.set(code, []);
      members.get(code).push(i);
    }
    this.institutions = [...members].map(([code, rows]) => ({
      code, rows, region: this.region[rows[0]], ...this.scenery.institutions[code],
    })).sort((a, b) => a.code - b.code);
  }

  /** Sum of an amount over the living rows of an institution. */
  total(values, rows, time) {
    let sum = 0;
    for (const i of rows) {
      if (this.isAlive(i, time)) sum += this.weight[i] * this.amount(values, i, time);
    }
    return sum;
  }

  totalGrant(rows, time) {
    let sum = 0;
    for (const i of rows) if (this.isAlive(i, time)) sum += this.weight[i] * this.grant(i, time);
    return sum;
  }

  /** Partners of rows at a time: indices. */
  partners(rows, time) {
    const own = new Set(rows);
    const found = new Set();
    const t = this.table;
    for (let k = 0; k < t["tie.from"].length; k++) {
      if (t["tie.from"][k] > time || time >= t["tie.to"][k]) continue;
      const a = t["tie.source"][k];
      const b = t["tie.target"][k];
      if (own.has(a) && !own.has(b)) found.add(b);
      if (own.has(b) && !own.has(a)) found.add(a);
    }
    return [...found];
  }
}
