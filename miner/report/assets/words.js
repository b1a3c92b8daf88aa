// Numbers and durations as people say them: the same words as miner/report/words.py.
const MINUTE = 60, HOUR = 3600, DAY = 86400;
// Half to even, as Python rounds.
const round = (x) => { const r = Math.round(x); return Math.abs(x % 1) === 0.5 && r % 2 ? r - 1 : r; };
const number = (x) => round(x).toLocaleString("en-US");
const plural = (n, one, many) => `${number(n)} ${n === 1 ? one : many || one + "s"}`;

function percent(part, whole) {
  if (part === null || !whole) return "–";
  const share = (100 * part) / whole;
  if (share > 0 && share < 1) return "under 1\u00a0%";
  if (share > 99 && share < 100) return "over 99\u00a0%";
  return `${round(share)}\u00a0%`;
}

function two(whole, big, bigName, small, smallName) {
  const units = round(whole / small), high = Math.floor(units / (big / small)), low = units % (big / small);
  return low ? `${number(high)}\u00a0${bigName} ${low}\u00a0${smallName}` : `${number(high)}\u00a0${bigName}`;
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return "unknown";
  if (seconds > 0 && seconds < 1) return "under 1\u00a0s";
  const whole = round(seconds);
  if (whole < MINUTE) return `${whole}\u00a0s`;
  if (whole < 10 * MINUTE) return two(whole, MINUTE, "min", 1, "s");
  if (whole < HOUR - MINUTE / 2) return `${round(whole / MINUTE)}\u00a0min`;
  if (whole < DAY - MINUTE / 2) return two(whole, HOUR, "h", MINUTE, "min");
  if (whole < 14 * DAY) return two(whole, DAY, "d", HOUR, "h");
  return `${number(whole / DAY)}\u00a0d`;
}

function hours(seconds) {
  const value = seconds / HOUR;
  if (value > 0 && value < 0.1) return "under 0.1 hours";
  const tenth = round(value * 10) / 10;
  const text = value < 10 && tenth !== round(value) ? tenth.toFixed(1) : number(value);
  return `${text} ${text === "1" ? "hour" : "hours"}`;
}
