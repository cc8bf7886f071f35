/** Small helpers around the DOM. Data only ever becomes text nodes or properties, never markup. */

export const byId = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === 'data') Object.assign(node.dataset, value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Touches the DOM only on a change, so that a screen reader and the cursor are left alone. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Puts an open popover above a rectangle, or below when there is no room, inside the window. */
export function placeNear(popover, rectangle, align = 'start') {
  const margin = 8;
  const { offsetWidth: width, offsetHeight: height } = popover;
  const wanted = align === 'end' ? rectangle.right - width : rectangle.left;
  const above = rectangle.top - height - margin;
  const top = above >= margin ? above : Math.min(rectangle.bottom + margin, innerHeight - height - margin);
  popover.style.left = `${Math.max(margin, Math.min(wanted, innerWidth - width - margin))}px`;
  popover.style.top = `${Math.max(margin, top)}px`;
}

let noticeTimer;
byId('notice').addEventListener('click', () => notice(null));

export function notice(message) {
  const box = byId('notice');
  clearTimeout(noticeTimer);
  box.hidden = !message;
  box.textContent = message ?? '';
  if (message) noticeTimer = setTimeout(() => notice(null), 7000);
}
