/** How numbers, times, effects and tapbacks are written. */

export const EFFECTS = {
  slam: 'Slam',
  loud: 'Loud',
  gentle: 'Gentle',
  invisible: 'Invisible Ink',
  echo: 'Echo',
  spotlight: 'Spotlight',
  balloons: 'Balloons',
  confetti: 'Confetti',
  love: 'Love',
  lasers: 'Lasers',
  fireworks: 'Fireworks',
  shooting_star: 'Shooting Star',
  celebration: 'Celebration',
};

export const TAPBACKS = {
  love: '❤️',
  like: '👍',
  dislike: '👎',
  laugh: '😂',
  emphasize: '‼️',
  question: '❓',
  eyes: '👀',
};

export const SERVICES = { imessage: 'iMessage', rcs: 'RCS', sms: 'Text Message' };

export const tapbackGlyph = (tapback) => TAPBACKS[tapback.reaction] ?? tapback.custom_emoji ?? '❔';

/** The country codes of one and of two digits; the others have three. */
const SHORT_CODES = /^\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

export function prettyNumber(number) {
  const northAmerican = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (northAmerican) return `+1 (${northAmerican[1]}) ${northAmerican[2]}-${northAmerican[3]}`;
  const code = SHORT_CODES.exec(number)?.[0] ?? number.slice(0, 4);
  return `${code} ${number.slice(code.length).replace(/\d{3}(?=\d{2})/g, '$& ')}`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

export const clockTime = (at) => clock.format(new Date(at));

/** Such as `Yesterday`. */
export function dayName(at) {
  const date = new Date(at);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekday.format(date);
  return (date.getFullYear() === new Date().getFullYear() ? day : dayOfYear).format(date);
}

export const dayAndTime = (at) => `${dayName(at)} ${clockTime(at)}`;

export const listTime = (at) => (dayName(at) === 'Today' ? clockTime(at) : dayName(at));

export function initials(name) {
  const words = name.replace(/^@/, '').split(/[\s_-]+/).filter((word) => /^\p{L}/u.test(word));
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join('');
}

/** One of six colours, always the same for the same line. */
export const tint = (text) => String([...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7) % 6);

/** One to three emoji and nothing else are shown large. */
export const isJumbo = (text) =>
  /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u.test(text ?? '');

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const UNITS = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]];

/** Day and time to the second, for titles. */
export const fullTime = (at) => moment.format(new Date(at));

/** Such as `5 min. ago`. */
export function ago(at, now = Date.now()) {
  const seconds = (Date.parse(at) - now) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(Math.trunc(seconds / length), unit);
}

/** Such as `2 h 5 min`. */
export function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  const minutes = Math.round((seconds % 3600) / 60);
  return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
}

/** Such as `4.2 MB`. */
export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(count, 1)) / 3), 0), units.length - 1);
  return `${(count / 1000 ** power).toFixed(power > 0 && count / 1000 ** power < 10 ? 1 : 0)} ${units[power]}`;
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;
