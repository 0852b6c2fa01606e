// Numbers, sizes and times for people.

const whole = new Intl.NumberFormat('en');
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export const count = number => whole.format(Math.round(number));

export function bytes(number) {
  let unit = 0;
  while (number >= 1000 && unit < units.length - 1) {
    number /= 1024;
    unit++;
  }
  return `${unit > 0 && number < 10 ? number.toFixed(1) : Math.round(number)} ${units[unit]}`;
}

export const rate = number => `${bytes(number)}/s`;

export function duration(seconds) {
  if (seconds < 1)
    return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60)
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  if (days > 0)
    return `${days} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min ${Math.floor(seconds % 60)} s`;
}

export const time = text => new Date(text).toLocaleTimeString(undefined, { hour12: false });
