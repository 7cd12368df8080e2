// Numbers with their units, and elements with their text: nothing here is ever parsed as HTML.

/** Three significant digits, thousands set apart, no exponent. */
export function number(value) {
  if (!Number.isFinite(value)) return "unknown";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const size = Math.abs(value) >= 1000 ? Number(value.toPrecision(3)) : value;
  return minus(size.toLocaleString("en-GB", {
    minimumFractionDigits: Math.min(digits, 6), maximumFractionDigits: Math.min(digits, 6),
  }));
}

export function whole(value) {
  return minus(Math.round(value).toLocaleString("en-GB"));
}

const minus = (text) => text.replace("-", "−");

/** A number with its unit: £12.3m a year, 120 jobs, 42 %. */
export function quantity(value, unit, signed = false) {
  if (!Number.isFinite(value)) return "unknown";
  const sign = value < 0 ? "−" : signed && value > 0 ? "+" : "";
  const size = Math.abs(value);
  if (unit.startsWith("£m")) {
    const rest = unit.slice(2).replace(", constant prices", "");
    if (size >= 1000) return `${sign}£${number(size / 1000)}bn${rest}`;
    return size > 0 && size < 0.1
      ? `${sign}£${number(size * 1e6)}${rest}` : `${sign}£${number(size)}m${rest}`;
  }
  if (unit === "share") return `${sign}${number(100 * size)} %`;
  const bare = ["0–1", "ratio", "index", "log", "multiple"].includes(unit);
  return `${sign}${number(size)}${bare ? "" : ` ${unit}`}`;
}

/** One, two and three. */
export function listed(parts) {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

/** An element; text is always set as text. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "dataset") Object.assign(made.dataset, value);
    else if (key.includes("-") || key === "role" || key === "for") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);
