/** What the file of a message is, by its type or its address; and the addresses in a text. */

const KINDS = {
  img: /^(png|jpe?g|gif|webp|avif|svg|bmp|heic)$/i,
  audio: /^(mp3|m4a|wav|ogg|oga|opus|caf|amr)$/i,
  video: /^(mp4|m4v|mov|webm)$/i,
};
export const PLAYERS = { img: 'Picture', audio: 'Sound', video: 'Film' };

/** The element that shows it; undefined when none does. An address without an ending may be a picture. */
export function mediaKind({ url, content_type: type }) {
  if (/^data:/i.test(url)) return /^data:image\//i.test(url) ? 'img' : undefined;
  if (!isWebAddress(url)) return undefined;
  if (type) return { image: 'img', audio: 'audio', video: 'video' }[type.split('/')[0]];
  const ending = /\.([a-z0-9]{2,5})$/i.exec(new URL(url, location.href).pathname)?.[1];
  return ending ? Object.keys(KINDS).find((tag) => KINDS[tag].test(ending)) : 'img';
}

/** What a list calls it. */
export const mediaName = (item) => PLAYERS[mediaKind(item)] ?? 'File';

/** Whether a link may lead there. */
export function isWebAddress(url) {
  return URL.canParse(url, location.href) && /^https?:$/.test(new URL(url, location.href).protocol);
}

/** What a link to a web address is called. */
export function fileName(url) {
  const address = new URL(url, location.href);
  return address.pathname.split('/').pop() || address.host;
}

/** A text in parts, every second of them a web address; what ends a sentence is no part of one. */
export const linkParts = (text) => text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'’”])/);
